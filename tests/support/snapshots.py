"""The rows of all tables, put back between tests: a world is made once by the application's own rules, then copied."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import asyncpg

from domain.tables import METADATA

T = TypeVar("T")
KEPT = frozenset({"signing_key"})  # the running application knows its keys
TABLES = tuple(name for name in METADATA.tables if name not in KEPT)
COLUMNS = {name: ", ".join(c.name for c in METADATA.tables[name].columns if c.computed is None) for name in TABLES}


class Snapshots:
    """Empties and fills one database as a superuser, its triggers and policies asleep: rows come back as they were."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._connection: asyncpg.Connection | None = None
        self._made: dict[str, Any] = {}

    async def clean(self) -> None:
        """Empty every table."""
        await self._execute(*(f'DELETE FROM "{table}"' for table in TABLES))

    async def load(self, name: str, make: Callable[[], Awaitable[T]]) -> T:
        """The rows that `make` adds the first time to what there is; its result is the same every time."""
        if name in self._made:
            copies = (
                f'INSERT INTO "{table}" ({of}) SELECT {of} FROM snapshot_{name}."{table}"'
                for table, of in COLUMNS.items()
            )
            await self._execute(*(f'DELETE FROM "{table}"' for table in TABLES), *copies)
            return self._made[name]  # type: ignore[no-any-return]  # what `make` gave under this name
        made = await make()
        copies = (f'CREATE TABLE snapshot_{name}."{table}" AS TABLE public."{table}"' for table in TABLES)
        await self._execute(f"CREATE SCHEMA snapshot_{name}", *copies)
        self._made[name] = made
        return made

    async def close(self) -> None:
        """Leave the database."""
        if self._connection is not None:
            await self._connection.close()

    async def _execute(self, *statements: str) -> None:
        if self._connection is None:
            settings = {"session_replication_role": "replica"}
            self._connection = await asyncpg.connect(self._address, server_settings=settings)
        await self._connection.execute("; ".join(statements))
