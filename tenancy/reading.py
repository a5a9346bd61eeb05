"""Raw connections for statements that are compiled already: no session, no SQLAlchemy between them and their rows.

Identifiers are read as their 32 hex digits, which is how answers print them and how rows are grouped, and are
written from those or from UUID; so it is in arrays. JSON and numbers of any precision stay text, and instants are read
from it, which takes a third of the driver's time. All else is as the driver has it.

The pool is our own: the driver's spends 35 µs on timers, shields and proxies for each use, a tenth of a small request.
"""

import asyncio
from contextlib import suppress
from datetime import datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

import asyncpg
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from tenancy.url import driver_url

Connection: TypeAlias = asyncpg.Connection

WAIT_SECONDS: Final = 10.0
END_SECONDS: Final = 2.0
CACHED_STATEMENTS: Final = 1_000
GENERIC_PLANS: Final = {"plan_cache_mode": "force_generic_plan"}
"""Planning a prepared statement anew for its values costs more than running it: (b) of `make bench` doubled by this."""


class ReadPool:
    """At most `size` connections that are only read from, made when they are first needed, used last in first out.

    `url` is a libpq URL. Without `statement_cache` nothing stays prepared, for poolers that cannot keep it.
    """

    def __init__(self, url: str, *, size: int, statement_cache: bool) -> None:
        self._url = driver_url(url)
        self._cached = CACHED_STATEMENTS if statement_cache else 0
        self._places = asyncio.Semaphore(size)
        self._free: list[Connection] = []
        self._ending: set[asyncio.Task[None]] = set()
        self._closed = False

    async def take(self) -> Connection:
        """A connection without a transaction, for `end` to give back; raises as the engine's pool if none gets free."""
        await self._place()
        try:
            while self._free:
                connection = self._free.pop()
                if not connection.is_closed():
                    return connection
            return await self._connected()
        except BaseException:
            self._places.release()
            raise

    def end(self, connection: Connection) -> None:
        """End the transaction, whatever became of it, and give the connection back, without waiting for either.

        What was only read is not lost with its COMMIT, so nobody need hear how that went; and as nothing is awaited
        here, nothing can be cancelled half-way. The pool has the connection again when the server has answered.
        """
        task = asyncio.create_task(self._end(connection))
        self._ending.add(task)  # the loop itself keeps no hold of it
        task.add_done_callback(self._ending.discard)

    async def fetch(self, statement: str, *values: Any, seconds: float) -> list[asyncpg.Record]:
        """The rows of one statement that is a transaction of its own, in one round trip, given up after `seconds`."""
        connection = await self.take()
        try:
            rows = await connection.fetch(statement, *values, timeout=seconds)
        except BaseException:
            self.end(connection)
            raise
        self._keep(connection)
        return rows

    async def close(self) -> None:
        """Give all connections back to the server: the free ones now, those in use when they are given back."""
        self._closed = True
        await asyncio.gather(*self._ending)
        while self._free:
            with suppress(OSError, TimeoutError, asyncpg.PostgresError):
                await self._free.pop().close(timeout=END_SECONDS)

    async def _place(self) -> None:
        if not self._places.locked():
            await self._places.acquire()
            return
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await self._places.acquire()
        except TimeoutError:
            raise PoolTimeoutError(f"no connection was free in {WAIT_SECONDS:g} seconds") from None

    async def _connected(self) -> Connection:
        settings = GENERIC_PLANS if self._cached else None
        connection = await asyncpg.connect(self._url, statement_cache_size=self._cached, server_settings=settings)
        try:
            await _know_types(connection)
        except BaseException:
            connection.terminate()
            raise
        return connection

    async def _end(self, connection: Connection) -> None:
        """COMMIT also ends a transaction that failed; a connection that cannot in time is thrown away.

        The driver waits here, too, until a statement that was cancelled has stopped.
        """
        try:
            await connection.execute("COMMIT", timeout=END_SECONDS)
        except Exception:
            connection.terminate()
        except BaseException:
            connection.terminate()
            raise
        finally:
            self._keep(connection)

    def _keep(self, connection: Connection) -> None:
        """Let the next have the connection; its settings ended with its transaction."""
        if not connection.is_closed():
            if self._closed or connection.is_in_transaction():
                connection.terminate()
            else:
                self._free.append(connection)
        self._places.release()


async def _know_types(connection: Connection) -> None:
    """Teach a new connection its codecs; it asks what their arrays are now, and not within the first query."""
    await connection.set_type_codec("uuid", schema="pg_catalog", encoder=_bytes, decoder=bytes.hex, format="binary")
    await connection.set_type_codec("numeric", schema="pg_catalog", encoder=str, decoder=str, format="text")
    await connection.set_type_codec(
        "timestamptz", schema="pg_catalog", encoder=datetime.isoformat, decoder=datetime.fromisoformat, format="text"
    )
    await connection.fetch("SELECT '{}'::uuid[], '{}'::numeric[], '{}'::timestamptz[]")


def _bytes(key: UUID | str) -> bytes:
    return bytes.fromhex(key) if isinstance(key, str) else key.bytes
