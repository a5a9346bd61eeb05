"""Statements of commands: made once for all who may do the same, then run with the values of those who do it."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

from execution.cache import Cache
from execution.sql.columns import DIALECT
from tenancy.session import work_of
from tenancy.work import Read, readable

Converter = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Made:
    """A statement, with what makes the driver's values those that SQLAlchemy's types promise."""

    read: Read
    converters: tuple[tuple[str, Converter], ...]

    async def rows(self, session: AsyncSession, named: Mapping[str, Any]) -> list[dict[str, Any]]:
        """All rows, as dictionaries by column name, after all that the session was to write before."""
        if session.new or session.dirty or session.deleted:
            await work_of(session).send()
            await session.flush()
        return [self._row(record) for record in await work_of(session).fetch(self.read, named)]

    def _row(self, record: Any) -> dict[str, Any]:
        row = dict(record)
        for name, convert in self.converters:
            row[name] = convert(row[name])
        return row


KEPT: Final = Cache[Made](4_096)


def kept(key: Hashable, make: Callable[[], Select[Any]]) -> Made:
    """What `make` makes, once for each key."""
    return KEPT.get(key) or KEPT.keep(key, made(make()))


def made(statement: Select[Any]) -> Made:
    """A statement as SQL for the connection of a session."""
    read = readable(statement)
    types = read.statement.layout.types
    processors = {name: kind.dialect_impl(DIALECT).result_processor(DIALECT, None) for name, kind in types.items()}
    return Made(read, tuple((name, convert) for name, convert in processors.items() if convert is not None))
