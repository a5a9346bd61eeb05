"""Relay's interfaces and connections (spec 0.2)."""

from typing import Any, Generic, TypeVar

import strawberry

from execution.paging import Page
from schema.fields import plain

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

    node: T = plain("The row.")
    cursor: str = plain("Where the row stands in the list: good for `after` and `before`.")


def _edges(root: Any) -> list[Edge[T]]:
    page: Page = root
    return [{"node": row, "cursor": page.cursor(row)} for row in page.rows]  # type: ignore[misc]  # rows are dictionaries


def _nodes(root: Any) -> list[T]:
    page: Page = root
    return list(page.rows)  # type: ignore[arg-type]  # rows are dictionaries


def _page_info(root: Any) -> PageInfo:
    page: Page = root
    return {  # type: ignore[return-value]  # rows are dictionaries
        "has_next_page": page.has_next,
        "has_previous_page": page.has_previous,
        "start_cursor": page.cursor(page.rows[0]) if page.rows else None,
        "end_cursor": page.cursor(page.rows[-1]) if page.rows else None,
    }


async def _total_count(root: Any) -> int:
    page: Page = root
    return int(await page.count())


@strawberry.type(description="One page of a list.")
class Connection(Generic[T]):
    """As the Relay specification has it, with the rows themselves beside the edges."""

    edges: list[Edge[T]] = strawberry.field(resolver=_edges, description="The rows with their cursors.")
    nodes: list[T] = strawberry.field(
        resolver=_nodes, description="The rows alone, for those who need no cursors of single rows."
    )
    page_info: PageInfo = strawberry.field(resolver=_page_info, description="Where the page stands in the list.")
    total_count: int = strawberry.field(
        resolver=_total_count,
        description="How many rows the whole list has that you may see; counted only when asked for.",
    )
