"""The rows of all tables, put back between tests: a world is made once by the application's own rules, then copied."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeAlias, TypeVar

import asyncpg

from domain.tables import METADATA

T = TypeVar("T")
KEPT = frozenset({"signing_key"})  # the running application knows its keys
STAMPED = dict.fromkeys(("ticket_words", "partner_ticket_words"), "ticket_id, words")
"""Tables without a model, and their columns: written and read by functions of the database alone (docs/adr/0008)."""
MODELS = {name: table for name, table in METADATA.tables.items() if name not in KEPT}
COLUMNS = STAMPED | {name: ", ".join(c.name for c in MODELS[name].columns if c.computed is None) for name in MODELS}
TABLES = tuple(COLUMNS)
VERSIONS: Final = "string_agg(ctid::text || xmin, ' ')"
HASH: Final = "md5(string_agg(md5(t::text), '' ORDER BY t::text))"
Versions: TypeAlias = dict[str, str | None]
"""By table: where each version of a row stands, and which transaction has written it."""


class Snapshots:
    """Empties and fills one database as a superuser, its triggers and policies asleep: rows come back as they were.

    PostgreSQL changes no version of a row in place: a table whose versions are those of another time has its rows of
    then. So nothing is read or copied again where nobody has written.
    """

    def __init__(self, address: str) -> None:
        self._address = address
        self._connection: asyncpg.Connection | None = None
        self._made: dict[str, Any] = {}
        self._loaded: dict[str, Versions] = {}
        self._hashed: Versions = {}
        self._hashes: dict[str, str | None] = {}

    async def clean(self) -> None:
        """Empty every table."""
        await self._execute(*(f'DELETE FROM "{table}"' for table in TABLES))

    async def load(self, name: str, make: Callable[[], Awaitable[T]]) -> T:
        """The rows that `make` adds the first time to what there is; its result is the same every time."""
        if name in self._made:
            await self._restore(name)
            return self._made[name]  # type: ignore[no-any-return]  # what `make` gave under this name
        made = await make()
        copies = (f'CREATE TABLE snapshot_{name}."{table}" AS TABLE public."{table}"' for table in TABLES)
        await self._execute(f"CREATE SCHEMA snapshot_{name}", *copies)
        self._made[name] = made
        self._loaded[name] = await self._versions()
        return made

    async def hashes(self) -> dict[str, str | None]:
        """A hash of the rows of every table."""
        versions = await self._versions()
        written = [table for table in TABLES if table not in self._hashed or self._hashed[table] != versions[table]]
        self._hashes |= await self._each(written, HASH)
        self._hashed = versions
        return dict(self._hashes)

    async def close(self) -> None:
        """Leave the database."""
        if self._connection is not None:
            await self._connection.close()

    async def _restore(self, name: str) -> None:
        versions, loaded = await self._versions(), self._loaded[name]
        written = [table for table in TABLES if versions[table] != loaded[table]]
        copies = (
            f'INSERT INTO "{table}" ({COLUMNS[table]}) SELECT {COLUMNS[table]} FROM snapshot_{name}."{table}"'
            for table in written
        )
        if written:
            await self._execute(*(f'DELETE FROM "{table}"' for table in written), *copies)
            self._loaded[name] = await self._versions()

    async def _versions(self) -> Versions:
        return await self._each(TABLES, VERSIONS)

    async def _each(self, tables: Sequence[str], expression: str) -> dict[str, str | None]:
        """What an expression is for the rows of each table."""
        reads = (f"SELECT '{table}', {expression} FROM \"{table}\" AS t" for table in tables)
        rows = await (await self._connected()).fetch(" UNION ALL ".join(reads)) if tables else []
        return {row[0]: row[1] for row in rows}

    async def _execute(self, *statements: str) -> None:
        await (await self._connected()).execute("; ".join(statements))

    async def _connected(self) -> asyncpg.Connection:
        if self._connection is None:
            settings = {"session_replication_role": "replica"}
            self._connection = await asyncpg.connect(self._address, server_settings=settings)
        return self._connection
