"""What a transaction does on the driver's own connection, beside its session: statements that are compiled already, and
new rows that nobody needs as objects."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, FromClause, Text, bindparam, cast, column, func, literal, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB, insert

from execution.statements import Statement, compiled
from tenancy.scope import Scope, check_owner

Row = Mapping[str, Any]
Fill = Callable[[Any], ColumnElement[Any]]
Write = Callable[[], Any]
"""A function of a module that makes an UPDATE, or any other write."""
OWNER: Final = "managing_partner_id"
"""The column of those rows that a tenant other than their own may write."""


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

    __slots__ = ("_driver", "_last", "_waiting", "scope")

    def __init__(self, driver: Any, scope: Scope) -> None:
        self._driver: Final = driver
        self.scope: Final = scope
        self._waiting: dict[Insertion, list[Row]] = {}
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

    def finish(self, last: Write, named: Mapping[str, Any]) -> None:
        """Let a write wait for the end; `last` makes it, with parameters of its own names, and nobody hears of it."""
        self._last[last] = named

    async def fetch(self, statement: Statement, named: Mapping[str, Any]) -> Sequence[Any]:
        """The rows of a statement, which sees all that was written before it."""
        await self.send()
        found: Sequence[Any] = await self._driver.fetch(statement.text, *statement.values(named))
        return found

    async def send(self) -> None:
        """Write what waits."""
        if self._waiting:
            await self._send({})

    async def end(self) -> None:
        """Write what waits, and what waits for the end."""
        if self._waiting or self._last:
            await self._send(self._last)

    async def _send(self, last: Mapping[Write, Mapping[str, Any]]) -> None:
        waiting, self._waiting = self._waiting, {}
        statement = _together(tuple(waiting), tuple(last))
        named: dict[str, Any] = {_name(place): _json(rows) for place, rows in enumerate(waiting.values())}
        for values in last.values():
            named |= values
        await self._driver.fetch(statement.text, *statement.values(named))


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
