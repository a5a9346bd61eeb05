"""SQL that is made once for each shape of a question, and run with the values of those who ask.

What a statement says depends on the batch function, on what the one who asks may do (`shape`), on the arguments, on
the selected columns and on the direction of the page. Who asks, the parents' keys and the cursor are parameters.
"""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol, TypeAlias

from sqlalchemy import Select, Uuid
from sqlalchemy.types import ARRAY

from execution.ask import Ask
from execution.cache import Cache
from execution.paging import Key, PageRequest, PageShape, paged
from execution.relation import (
    Relation,
    counting,
    listing_of,
    narrowed,
    page_columns,
    related,
    related_counts,
    related_pages,
)
from execution.sql.columns import DIALECT, Layout

Columns: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """A parameter: the named value, or the constant."""

    name: str | None
    constant: Any
    process: Callable[[Any], Any] | None


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """SQL with `$1` …; `layout` says where its columns are, `order` by what its pages go on.

    `several` tells that it reads what several fields lead to: if it fails, nobody knows whose fault that is.
    """

    text: str
    slots: tuple[Slot, ...]
    layout: Layout
    order: tuple[Key, ...] = ()
    order_names: tuple[str, ...] = ()
    several: bool = False

    def values(self, named: Mapping[str, Any]) -> list[Any]:
        """The parameters in their order; `named` has at least those that are not constant."""
        return [
            slot.constant if slot.name is None else slot.process(named[slot.name]) if slot.process else named[slot.name]
            for slot in self.slots
        ]


class Shaped(Protocol):
    """Who asks, as far as a statement depends on it."""

    @property
    def shape(self) -> Hashable:
        """What the one may do: equal for all of whom the same statements are right."""

    @property
    def gate(self) -> Any:
        """What batch functions are given; it knows the shape and nobody's identity. Raises for who may ask nothing."""


@dataclass(frozen=True, slots=True)
class Question:
    """The arguments of a relation: `key` tells them apart, and has neither the page's place nor anybody's identity."""

    key: Hashable
    arguments: Mapping[str, Any]
    page: PageRequest | None = None


def compiled(statement: Select[Any], order: tuple[Key, ...] = ()) -> Statement:
    """The statement as SQL: parameters without a value of their own are named ones."""
    made: Any = statement.compile(dialect=DIALECT)
    named = {name: bind for name, bind in made.binds.items() if bind.required}
    state = made.construct_expanded_state(dict.fromkeys(named))
    processors = made._bind_processors | (state.processors or {})  # noqa: SLF001 - there is no other way to them
    processors |= {name: None for name, bind in named.items() if _is_keys(bind.type)}
    slots = [_slot(name, name in named, state.parameters, processors.get(name)) for name in state.positiontup]
    columns = [(column.keyname, column.type) for column in made._result_columns]  # noqa: SLF001 - as above
    return Statement(state.statement, tuple(slots), Layout(columns), order, tuple(key.name for key in order))


def _is_keys(kind: Any) -> bool:
    """Lists of UUIDs go to the driver as they are; SQLAlchemy would copy them."""
    return isinstance(kind, ARRAY) and isinstance(kind.item_type, Uuid)


def _slot(name: str, named: bool, values: Mapping[str, Any], process: Callable[[Any], Any] | None) -> Slot:
    if named:
        return Slot(name, None, process)
    value = values[name]
    return Slot(None, process(value) if process else value, None)


class Statements:
    """The statements of a schema's relations, each made once for all who have the same shape."""

    def __init__(self, size: int) -> None:
        self.cache: Final = Cache[Statement](size)

    def related(self, asker: Shaped, relation: Relation, question: Question, columns: Columns) -> Statement:
        """The rows of all parents, with their parents' keys."""

        def make() -> Statement:
            return compiled(related(relation, asker.gate, question.arguments, columns))

        return self._kept(("related", relation, asker.shape, question.key, columns), make)

    def pages(
        self, asker: Shaped, relation: Relation, question: Question, columns: Columns, shape: PageShape
    ) -> Statement:
        """A page of each parent."""

        def make() -> Statement:
            return compiled(*related_pages(relation, asker.gate, question.arguments, shape, columns))

        return self._kept(("pages", relation, asker.shape, question.key, columns, shape), make)

    def counts(self, asker: Shaped, relation: Relation, question: Question) -> Statement:
        """The number of rows of each parent."""

        def make() -> Statement:
            return compiled(related_counts(relation, asker.gate, question.arguments))

        return self._kept(("counts", relation, asker.shape, question.key), make)

    def asked(self, asker: Shaped, ask: Ask, columns: Columns, shape: PageShape | None = None) -> Statement:
        """The rows, or with `shape` the page, of an ask without a key."""

        def make() -> Statement:
            made = ask.batch(asker.gate, **ask.arguments)
            if shape is None:
                return compiled(narrowed(made, columns))
            listing = listing_of(made)
            every = replace(shape, cursors=shape.cursors or bool(listing.ways))  # their pages are put in order, too
            wanted = page_columns(columns, [key.name for key in listing.order], every)
            page = paged(replace(listing, statement=narrowed(listing.statement, wanted)), shape)
            return compiled(page, listing.order)

        return self._kept(("asked", ask.batch, asker.shape, question_key(ask), columns, shape), make)

    def count(self, asker: Shaped, ask: Ask) -> Statement:
        """The number of rows of the list that an ask is for."""

        def make() -> Statement:
            return compiled(counting(listing_of(ask.batch(asker.gate, **ask.arguments))))

        return self._kept(("count", ask.batch, asker.shape, question_key(ask)), make)

    def _kept(self, key: tuple[Hashable, ...], make: Callable[[], Statement]) -> Statement:
        """The statement of `key`; what cannot be hashed is made anew."""
        try:
            kept = self.cache.get(key)
        except TypeError:
            return make()
        return kept or self.cache.keep(key, make())


def question_key(ask: Ask) -> Hashable:
    """What tells the questions of one batch function apart."""
    return tuple(ask.arguments.items())


def frozen(value: Any) -> Hashable:
    """A GraphQL input value in a form that can be hashed."""
    if isinstance(value, dict):
        return tuple((name, frozen(each)) for name, each in value.items())
    if isinstance(value, list):
        return tuple(frozen(each) for each in value)
    return value  # type: ignore[no-any-return]
