"""Relations: how the rows of one type lead to those of another, for all parents of a level in one statement.

A batch function is pure: from who asks, the parents and the field's arguments it makes a statement. It says where the
parents' keys belong with `parents.match(column)`, and nothing about how many there are.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Select,
    Uuid,
    bindparam,
    column,
    func,
    literal_column,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from execution.paging import Key, Listing, PageShape, Row, ordered, paged

KEYS = "parent_keys"
PRESENT: Any = literal_column("true", Boolean).label("present")
"""Selected where nothing is: that there is a row counts, too."""
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

    @property
    def paged(self) -> bool:
        """Whether the field is a connection."""
        return self.cardinality is Cardinality.PAGE


class Parents:
    """Stands for the parents of a level while a batch function makes its statement."""

    def __init__(self, *, lateral: bool) -> None:
        self.keys = bindparam(KEYS, type_=ARRAY(Uuid()))
        self.table = func.unnest(self.keys).table_valued(column("key", Uuid())).render_derived(name="parent")
        self.lateral = lateral
        self.column: Any = None

    def match(self, column: Any) -> ColumnElement[bool]:
        """The condition that `column` holds the key of a parent."""
        self.column = column
        return column == (self.table.c.key if self.lateral else self.keys.any_())  # type: ignore[no-any-return]


def related(
    relation: Relation, gate: Any, arguments: Mapping[str, Any], columns: Sequence[str] | None = None
) -> Select[Any]:
    """One statement for all parents of a ONE or MANY relation; rows carry their parent's key as `parent_key`."""
    parents = Parents(lateral=False)
    statement = relation.batch(gate, parents, **arguments)
    if isinstance(statement, Listing):
        statement = statement.statement.order_by(*(ordered(key) for key in statement.order))
    return narrowed(statement, columns).add_columns(parents.column.label(KEY))


def related_pages(
    relation: Relation,
    gate: Any,
    arguments: Mapping[str, Any],
    shape: PageShape,
    columns: Sequence[str] | None = None,
) -> tuple[Select[Any], tuple[Key, ...]]:
    """One statement for a page of each parent, and its order.

    A lateral join reads no more of an index than each page needs. Rows have their parent's key as `parent_key`.
    """
    parents = Parents(lateral=True)
    listing = _of_each(parents, relation.batch(gate, parents, **arguments))
    order = [key.name for key in listing.order]
    inner = None if columns is None else dict.fromkeys((*columns, *order))
    page = paged(replace(listing, statement=narrowed(listing.statement, inner)), shape).lateral("page")
    told = page.c if columns is None else [page.c[name] for name in page_columns(columns, order, shape)]
    table = parents.table
    statement = select(table.c.key.label(KEY), *told).select_from(table.join(page, true()))
    flipped = (Key(page.c[key.name], key.descending != shape.backward) for key in listing.order)
    return statement.order_by(*(ordered(key) for key in flipped)), listing.order


def page_columns(columns: Sequence[str], order: Sequence[str], shape: PageShape) -> list[str]:
    """The columns of a page's rows, each once: those that are selected, and what cursors are made of."""
    return list(dict.fromkeys((*columns, *order) if shape.cursors else columns or order[:1]))


def related_counts(relation: Relation, gate: Any, arguments: Mapping[str, Any]) -> Select[Any]:
    """One statement for the number of rows of each parent, by the very predicate of the list."""
    parents = Parents(lateral=True)
    listing = _of_each(parents, relation.batch(gate, parents, **arguments))
    counted = counting(listing).lateral("counted")
    table = parents.table
    return select(table.c.key.label(KEY), counted.c.count).select_from(table.join(counted, true()))


def _of_each(parents: Parents, made: Select[Any] | Listing) -> Listing:
    """The list of one parent after the other, in each of its ways: the parent is the one outside."""
    listing = listing_of(made)
    return replace(listing, statement=listing.statement.correlate(parents.table))


def counting(listing: Listing) -> Select[Any]:
    """The number of rows of a list."""
    if not listing.ways:
        return _only(listing.statement, func.count().label("count"))
    rows = _only(listing.statement, PRESENT)
    found = union_all(*(rows.where(way.condition) for way in listing.ways)).subquery("found")
    return select(func.count().label("count")).select_from(found)


def narrowed(statement: Select[Any], columns: Iterable[str] | None) -> Select[Any]:
    """The same rows with these of their columns alone; None for all. Fewer columns would make others distinct."""
    if columns is None or statement._distinct:  # noqa: SLF001 - nothing else tells
        return statement
    known = statement.selected_columns
    return _only(statement, *([known[name] for name in columns] or [PRESENT]))


def _only(statement: Select[Any], *columns: Any) -> Select[Any]:
    """Other columns of the same rows: what joins begin from does not change with the columns."""
    if statement._setup_joins and not statement._from_obj:  # noqa: SLF001 - nothing else tells whether it is said
        statement = statement.select_from(statement.columns_clause_froms[0])
    return statement.with_only_columns(*columns, maintain_column_froms=not statement._setup_joins)  # noqa: SLF001 - as above


def grouped(rows: Sequence[Row]) -> dict[Any, list[Row]]:
    """Rows by their parent's key, in the order in which they came."""
    groups: dict[Any, list[Row]] = {}
    for row in rows:
        groups.setdefault(row[KEY], []).append(row)
    return groups


def listing_of(made: Select[Any] | Listing) -> Listing:
    """What a paged relation's batch function made, which must be a `Listing`."""
    if not isinstance(made, Listing):
        raise TypeError("a paged relation's batch function returns a Listing")
    return made
