"""How a field gets its value: declared once on the schema, read by whoever answers operations.

A declaration stands in the `extensions` of a graphql-core field under `SOURCE`. A field without one reads the column
of its own name. A field at the root of an operation has a resolver, which may answer with an `Ask`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, TypeAlias

from graphql import GraphQLField

from execution.relation import Relation

SOURCE = "execution.source"


def _unchanged(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return arguments


@dataclass(frozen=True, slots=True)
class Column:
    """The row's column of this name."""

    name: str


@dataclass(frozen=True, slots=True)
class Identifier:
    """The global id of the row: `prefix` and the UUID in `column`."""

    prefix: str
    column: str = "id"


@dataclass(frozen=True, slots=True)
class Computed:
    """`function(row)`, or with `contextual` `function(row, info)`, of a row with the columns that `needs` names.

    `info.context` is the operation's. The function is pure: it may be called again for the same row.
    """

    function: Callable[..., Any]
    needs: tuple[str, ...]
    contextual: bool = False


@dataclass(frozen=True, slots=True)
class Related:
    """The rows that `relation` leads to; `convert` makes the batch function's arguments of GraphQL's.

    A paged relation's field has the arguments `first`, `after`, `last` and `before` besides.
    """

    relation: Relation
    convert: Callable[[Mapping[str, Any]], Mapping[str, Any]] = _unchanged


@dataclass(frozen=True, slots=True)
class Resolver:
    """At the root: what is called in the place of the field's own resolver, `resolve(root, info, **arguments)`."""

    resolve: Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Counted:
    """How many rows a paged relation leads to, with these arguments of its batch function."""

    relation: Relation
    arguments: Mapping[str, Any]


class PagePart(Enum):
    """What the fields of a connection and of an edge give of a page; both have the page's rows behind them."""

    NODES = auto()
    EDGES = auto()
    PAGE_INFO = auto()
    TOTAL_COUNT = auto()
    NODE = auto()
    CURSOR = auto()


Source: TypeAlias = Column | Identifier | Computed | Related | Resolver | Counted | PagePart


def source_of(name: str, field: GraphQLField) -> Source:
    """How the field `name` below the root gets its value."""
    source: Source | None = (field.extensions or {}).get(SOURCE)
    return Column(name) if source is None else source
