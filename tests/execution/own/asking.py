"""Somebody who asks: the least that the planner wants of its caller."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg

from execution.reader import Reader
from execution.sql.statements import Statement


class Asker:
    """Asks in one snapshot, may do what `shape` says, and notes the statements that it runs."""

    def __init__(self, pool: asyncpg.Pool, shape: str) -> None:
        self.shape = shape
        self.statements: list[str] = []
        self._pool = pool
        self._reader = Reader(self._snapshot)

    @property
    def gate(self) -> str:
        """What batch functions are given."""
        return self.shape

    @property
    def parameters(self) -> Mapping[str, Any]:
        """Values that statements name."""
        return {}

    async def fetch(self, statement: Statement, values: Sequence[Any]) -> list[Any]:
        """All rows."""
        self.statements.append(statement.text)
        return await self._reader.fetch(statement, values)

    async def begins_again(self) -> bool:
        """Whether to run once more."""
        return await self._reader.begins_again()

    async def write(self, statement: str, *values: Any) -> None:
        """Change something; what is read afterwards sees it."""
        await self._reader.close()
        await self._pool.execute(statement, *values)

    async def close(self) -> None:
        """End the snapshot."""
        await self._reader.close()

    @asynccontextmanager
    async def _snapshot(self) -> AsyncIterator[Any]:
        async with (
            self._pool.acquire() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            yield connection


async def know_types(connection: asyncpg.Connection) -> None:
    """The codecs that `execution.sql.columns` expects; JSON is text already."""
    await connection.set_type_codec("uuid", schema="pg_catalog", encoder=_bytes, decoder=bytes.hex, format="binary")
    await connection.set_type_codec("numeric", schema="pg_catalog", encoder=str, decoder=str, format="text")


def _bytes(key: UUID | str) -> bytes:
    return bytes.fromhex(key) if isinstance(key, str) else key.bytes
