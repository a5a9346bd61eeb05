"""What a transaction does on the driver's own connection, beside its session: statements that are compiled already, and
new rows that nobody needs as objects."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import orjson
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Text,
    bindparam,
    cast,
    column,
    exists,
    func,
    literal,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB, insert

from execution.sql.statements import Statement, compiled
from tenancy.scope import Scope, check_owner

Row = Mapping[str, Any]
Fill = Callable[[Any], ColumnElement[Any]]
Write = Callable[[], Any]
"""A function of a module that makes an UPDATE, or any other write."""
CLAIMED: Final = "is_claimed"
FOUND: Final = "is_found"
OWNER: Final = "managing_partner_id"
"""The column of those rows that a tenant other than their own may write."""


class ClaimedError(Exception):
    """Another transaction has what this one was to claim: all that it does is in vain."""


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """A SELECT, with its SQL."""

    select: Select[Any]
    statement: Statement


@dataclass(frozen=True, slots=True)
class Insertion:
    """Into which columns of a table rows go; with `once`, those that are there already stay as they are.

    `filled` are columns that the database fills by an expression over the row.
    """

    table: Any
    columns: tuple[str, ...]
    once: bool
    filled: tuple[tuple[str, Fill], ...]

    def made(self, place: int) -> Any:
        """The INSERT of any number of rows: the parameter is a JSON array of them."""
        rows = cast(bindparam(_name(place), type_=Text()), JSONB)
        columns = [column(name, self.table.c[name].type) for name in self.columns]
        record: Any = literal_column(f"NULL::{self.table.name}")
        given = func.jsonb_populate_recordset(record, rows).table_valued(*columns, name="given")
        values = {one.name: _value(one) for one in given.c} | {name: fill(given.c) for name, fill in self.filled}
        new = insert(self.table).from_select(list(values), select(*values.values()), include_defaults=False)
        return new.on_conflict_do_nothing() if self.once else new


class Work:
    """The writing of one transaction, in its scope: rows wait until a statement follows, or the end, and go together.

    They are sent in one statement, in which the database looks at references when all are there.
    """

    __slots__ = ("_claim", "_driver", "_last", "_waiting", "scope")

    def __init__(self, driver: Any, scope: Scope) -> None:
        self._driver: Final = driver
        self.scope: Final = scope
        self._waiting: dict[Insertion, list[Row]] = {}
        self._claim: tuple[Write, Mapping[str, Any]] | None = None
        self._last: dict[Write, Mapping[str, Any]] = {}

    def write(self, table: FromClause, rows: Iterable[Row], *, once: bool = False, **filled: Fill) -> None:
        """Let new rows wait; all of one call have the same columns.

        As the session does, this raises `ScopeViolationError` for those that name a managing partner out of its scope;
        of what hangs on other rows the database's own policies know more.
        """
        given = list(rows)
        for row in given:
            if OWNER in row:
                check_owner(str(table), self.scope, row["tenant_id"], row[OWNER])
        if given:
            insertion = Insertion(table, tuple(given[0]), once, tuple(filled.items()))
            self._waiting.setdefault(insertion, []).extend(given)

    def begin(self, claim: Write, named: Mapping[str, Any]) -> None:
        """Let the first statement claim something: what `claim` makes, with parameters of its own names, gives a row.

        It goes with what is read first; whoever sends a statement gets `ClaimedError` where it gives none.
        """
        self._claim = claim, named

    def finish(self, last: Write, named: Mapping[str, Any]) -> None:
        """Let a write wait for the end; `last` makes it, with parameters of its own names, and nobody hears of it."""
        self._last[last] = named

    async def fetch(self, read: Read, named: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        """The rows of a statement, which sees all that was written before it."""
        if self._claim is not None and not self._waiting:
            return await self._claimed(read, named)
        await self.send()
        found: Sequence[Any] = await self._driver.fetch(read.statement.text, *read.statement.values(named))
        return found

    async def claim(self) -> None:
        """Claim what no statement has claimed yet."""
        if self._claim is not None:
            await self._claimed(NOTHING, {})

    async def send(self) -> None:
        """Write what waits."""
        await self.claim()
        if self._waiting:
            await self._send({})

    async def end(self) -> None:
        """Write what waits, and what waits for the end."""
        await self.claim()
        if self._waiting or self._last:
            await self._send(self._last)

    async def _claimed(self, read: Read, named: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        (claim, own), self._claim = self._claim or (None, {}), None
        statement = _claiming(claim, read)
        rows = await self._driver.fetch(statement.text, *statement.values({**named, **own}))
        if not rows[0][CLAIMED]:
            raise ClaimedError
        return [{name: row[name] for name in read.statement.layout.positions} for row in rows if row[FOUND]]

    async def _send(self, last: Mapping[Write, Mapping[str, Any]]) -> None:
        waiting, self._waiting = self._waiting, {}
        statement = _together(tuple(waiting), tuple(last))
        named: dict[str, Any] = {_name(place): _json(rows) for place, rows in enumerate(waiting.values())}
        for values in last.values():
            named |= values
        await self._driver.fetch(statement.text, *statement.values(named))


def readable(statement: Select[Any]) -> Read:
    """The statement with its SQL, for the connection of a transaction."""
    return Read(statement, compiled(statement))


@lru_cache(maxsize=1_000)
def _claiming(claim: Write, read: Read) -> Statement:
    """One statement of both: in each row is whether the claim gave one, and whether there is one of what is read."""
    if names := _names(compiled(claim())) & _names(read.statement):
        raise ValueError(f"parameters of a claim and of what is read with it have the same names: {names}")
    claimed = exists().select_from(claim().cte("claim")).label(CLAIMED)
    one, found = select(claimed).subquery("one"), read.select.add_columns(true().label(FOUND)).subquery("found")
    return compiled(select(*one.c, *found.c).select_from(one.outerjoin(found, true())))


def _names(statement: Statement) -> set[str]:
    return {slot.name for slot in statement.slots if slot.name is not None}


@lru_cache(maxsize=1_000)
def _together(insertions: tuple[Insertion, ...], last: tuple[Write, ...]) -> Statement:
    """One statement of all."""
    made = [*(one.made(place) for place, one in enumerate(insertions)), *(make() for make in last)]
    return compiled(select(literal(1).label("one")).add_cte(*(one.cte(f"write_{n}") for n, one in enumerate(made))))


def _value(given: ColumnElement[Any]) -> ColumnElement[Any]:
    """As SQLAlchemy writes it: None in a JSON column is JSON's null."""
    return func.coalesce(given, literal_column("'null'::jsonb")) if isinstance(given.type, JSONB) else given


def _name(place: int) -> str:
    return f"rows_{place}"


def _json(rows: list[Row]) -> str:
    return orjson.dumps(rows, default=str).decode()


NOTHING: Final = readable(select(literal(1).label("one")))
