"""Relay's interfaces and connections (spec 0.2)."""

from typing import Any, Generic, TypeVar

import strawberry

from execution.fields import PagePart
from schema.fields import part, plain

T = TypeVar("T")


class Rows:
    """Rows are dictionaries: where several types are possible, `__typename` says which one a row is of."""

    @classmethod
    def is_type_of(cls, row: Any, _info: Any) -> bool:
        """Whether a row is of this type; a row that does not say is of the type that its field declares."""
        name = cls.__strawberry_definition__.name  # type: ignore[attr-defined]  # set by strawberry
        return bool(row.get("__typename", name) == name)

    @classmethod
    def resolve_type(cls, row: Any, _info: Any, _abstract: Any) -> str:
        """The type of a row of an interface or a union."""
        return str(row["__typename"])


@strawberry.interface(description="An object with a global id, which `node` finds again.")
class Node(Rows):
    """As the Relay specification has it."""

    id: strawberry.ID = plain("The global id: opaque, unique, and good for `node`.")


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    """As the Relay specification has it."""

    has_next_page: bool = plain("Whether there is more after this page.")
    has_previous_page: bool = plain("Whether there is more before this page.")
    start_cursor: str | None = plain("The cursor of the first row.")
    end_cursor: str | None = plain("The cursor of the last row.")


@strawberry.type(description="One row of a page, with its cursor.")
class Edge(Generic[T]):
    """As the Relay specification has it."""

    node: T = part(PagePart.NODE, "The row.")
    cursor: str = part(PagePart.CURSOR, "Where the row stands in the list: good for `after` and `before`.")


@strawberry.type(description="One page of a list.")
class Connection(Generic[T]):
    """As the Relay specification has it, with the rows themselves beside the edges."""

    edges: list[Edge[T]] = part(PagePart.EDGES, "The rows with their cursors.")
    nodes: list[T] = part(PagePart.NODES, "The rows alone, for those who need no cursors of single rows.")
    page_info: PageInfo = part(PagePart.PAGE_INFO, "Where the page stands in the list.")
    total_count: int = part(
        PagePart.TOTAL_COUNT, "How many rows the whole list has that you may see; counted only when asked for."
    )
