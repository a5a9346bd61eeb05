"""Relations: how the rows of one type lead to those of another, for all parents of a level in one statement.

A batch function is pure: from who asks, the parents and the field's arguments it makes a statement. It says where the
parents' keys belong with `parents.match(column)`, and nothing about how many there are.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from sqlalchemy import ColumnElement, Select, Uuid, bindparam, func, select, true
from sqlalchemy.dialects.postgresql import ARRAY

from execution.paging import Listing, PageRequest, Row, ordered, paged

KEYS = "parent_keys"
KEY = "parent_key"


class Cardinality(Enum):
    """How many rows a parent leads to."""

    ONE = auto()
    MANY = auto()
    PAGE = auto()


@dataclass(frozen=True, slots=True)
class Relation:
    """`batch(gate, parents, **arguments)` gives the statement; `key` is the parent row's column that it matches."""

    batch: Callable[..., Select[Any] | Listing]
    key: str
    cardinality: Cardinality


class Parents:
    """Stands for the parents of a level while a batch function makes its statement."""

    def __init__(self, *, lateral: bool) -> None:
        self.keys = bindparam(KEYS, type_=ARRAY(Uuid()))
        self.table = func.unnest(self.keys, type_=Uuid()).table_valued("key").render_derived(name="parent")
        self.lateral = lateral
        self.column: Any = None

    def match(self, column: Any) -> ColumnElement[bool]:
        """The condition that `column` holds the key of a parent."""
        self.column = column
        return column == (self.table.c.key if self.lateral else self.keys.any_())  # type: ignore[no-any-return]


def related(relation: Relation, gate: Any, arguments: Mapping[str, Any]) -> Select[Any]:
    """One statement for all parents of a ONE or MANY relation; rows carry their parent's key as `parent_key`."""
    parents = Parents(lateral=False)
    statement = relation.batch(gate, parents, **arguments)
    if isinstance(statement, Listing):
        statement = statement.statement.order_by(*(ordered(key) for key in statement.order))
    return statement.add_columns(parents.column.label(KEY))


def related_pages(
    relation: Relation, gate: Any, arguments: Mapping[str, Any], request: PageRequest
) -> tuple[Select[Any], Listing]:
    """One statement for a page of each parent: a lateral join, which reads no more of an index than each page needs."""
    parents = Parents(lateral=True)
    listing = _listing(relation.batch(gate, parents, **arguments))
    page = paged(listing, request).lateral("page")
    table = parents.table
    statement = select(table.c.key.label(KEY), *page.c).select_from(table.join(page, true()))
    flipped = ((key.descending != request.backward, page.c[key.name]) for key in listing.order)
    return statement.order_by(*(column.desc() if down else column.asc() for down, column in flipped)), listing


def related_counts(relation: Relation, gate: Any, arguments: Mapping[str, Any]) -> Select[Any]:
    """One statement for the number of rows of each parent, by the very predicate of the list."""
    parents = Parents(lateral=True)
    listing = _listing(relation.batch(gate, parents, **arguments))
    counted = counting(listing).lateral("counted")
    table = parents.table
    return select(table.c.key.label(KEY), counted.c.count).select_from(table.join(counted, true()))


def counting(listing: Listing) -> Select[Any]:
    """The number of rows of a list."""
    return listing.statement.with_only_columns(func.count().label("count"), maintain_column_froms=True)


def grouped(rows: Sequence[Row]) -> dict[Any, list[Row]]:
    """Rows by their parent's key, in the order in which they came."""
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[KEY], []).append(row)
    return groups


def _listing(made: Select[Any] | Listing) -> Listing:
    if not isinstance(made, Listing):
        raise TypeError("a paged relation's batch function returns a Listing")
    return made
