"""Raw connections for statements that are compiled already: no session, no SQLAlchemy between them and their rows.

Identifiers are read as their 32 hex digits, which is how answers print them and how rows are grouped, and are
written from those or from UUID; so it is in arrays. JSON stays text. All else is as the driver has it.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Final, TypeAlias
from uuid import UUID

import asyncpg
from asyncpg.pool import Pool, PoolConnectionProxy
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from tenancy.url import driver_url

Connection: TypeAlias = "PoolConnectionProxy[asyncpg.Record]"

WAIT_SECONDS: Final = 10.0
END_SECONDS: Final = 2.0
CACHED_STATEMENTS: Final = 1_000


class ReadPool:
    """Connections that are only read from, made when they are first needed.

    `url` is a libpq URL. Without `statement_cache` nothing stays prepared, for poolers that cannot keep it.
    """

    def __init__(self, url: str, *, size: int, statement_cache: bool) -> None:
        self._url = driver_url(url)
        self._size = size
        self._cached = CACHED_STATEMENTS if statement_cache else 0
        self._pool: Pool[asyncpg.Record] | None = None
        self._ending: set[asyncio.Task[None]] = set()

    async def take(self) -> Connection:
        """A connection without a transaction, for `end` to give back; raises as the engine's pool if none gets free."""
        pool = self._pool or await self._open()
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                return await pool.acquire()
        except TimeoutError:
            raise PoolTimeoutError(f"no connection of {self._size} was free in {WAIT_SECONDS:g} seconds") from None

    def end(self, connection: Connection) -> None:
        """End the transaction, whatever became of it, and give the connection back, without waiting for either.

        What was only read is not lost with its COMMIT, so nobody need hear how that went; and as nothing is awaited
        here, nothing can be cancelled half-way. The pool has the connection again when the server has answered.
        """
        self._meanwhile(self._end(connection))

    async def fetch(self, statement: str, *values: Any, seconds: float) -> list[asyncpg.Record]:
        """The rows of one statement that is a transaction of its own, in one round trip, given up after `seconds`."""
        connection = await self.take()
        try:
            return await connection.fetch(statement, *values, timeout=seconds)
        finally:
            self._meanwhile(self._give_back(connection))

    async def close(self) -> None:
        """Give all connections back to the server."""
        if self._pool is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(WAIT_SECONDS):  # for those in use; what is left then is cut off
                    await self._pool.close()

    async def _open(self) -> "Pool[asyncpg.Record]":
        self._pool = asyncpg.create_pool(
            self._url,
            min_size=0,
            max_size=self._size,
            max_inactive_connection_lifetime=0,
            statement_cache_size=self._cached,
            init=_know_types,
            reset=_leave,
        )
        return await self._pool

    def _meanwhile(self, coroutine: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(coroutine)
        self._ending.add(task)  # the loop itself keeps no hold of it
        task.add_done_callback(self._ending.discard)

    async def _end(self, connection: Connection) -> None:
        """COMMIT also ends a transaction that failed; a connection that cannot in time is thrown away."""
        try:
            await connection.execute("COMMIT", timeout=END_SECONDS)
        except Exception:
            with suppress(asyncpg.InterfaceError):  # it may be gone already
                connection.terminate()
        await self._give_back(connection)

    async def _give_back(self, connection: Connection) -> None:
        if self._pool is not None:
            with suppress(TimeoutError, asyncpg.InterfaceError, asyncpg.PostgresError):  # then it is thrown away
                await self._pool.release(connection, timeout=END_SECONDS)


async def _know_types(connection: Any) -> None:
    """Teach a new connection its codecs; it asks what their arrays are now, and not within the first query."""
    await connection.set_type_codec("uuid", schema="pg_catalog", encoder=_bytes, decoder=bytes.hex, format="binary")
    await connection.fetch("SELECT '{}'::uuid[]")


def _bytes(key: UUID | str) -> bytes:
    return bytes.fromhex(key) if isinstance(key, str) else key.bytes


async def _leave(_connection: Any) -> None:
    """Nothing to undo: settings end with their transaction, and the driver's RESET ALL would cost a round trip."""
