"""Raw connections for statements that are compiled already: no session, no SQLAlchemy between them and their rows.

Identifiers are read as their 32 hex digits, which is how answers print them and how rows are grouped, and are
written from those or from UUID; so it is in arrays. JSON and numbers of any precision stay text, and instants are read
from it, which takes a third of the driver's time. All else is as the driver has it.
"""

import asyncio
from collections.abc import Coroutine
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg

from tenancy.line import Connection, Line
from tenancy.pool import Pool
from tenancy.url import driver_url

END_SECONDS: Final = 2.0
LINGER_SECONDS: Final = 0.05
"""How long a transaction stays open for its COMMIT to go with what comes next, and at most twice that."""
CACHED_STATEMENTS: Final = 1_000
GENERIC_PLANS: Final = {"plan_cache_mode": "force_generic_plan"}
"""Planning a prepared statement anew for its values costs more than running it: (b) of `make bench` doubled by this."""
ARRAYS: Final = "SELECT '{}'::uuid[], '{}'::numeric[], '{}'::timestamptz[]"
"""Asks for nothing: has a new connection learn the types of arrays."""


class ReadPool(Pool):
    """At most `size` connections that are only read from.

    `url` is a libpq URL. Without `statement_cache` nothing stays prepared, for poolers that cannot keep it.
    """

    def __init__(self, url: str, *, size: int, statement_cache: bool) -> None:
        super().__init__(size, self._connected)
        self._url = driver_url(url)
        self._cached = CACHED_STATEMENTS if statement_cache else 0
        self._ending: set[asyncio.Task[None]] = set()
        self._lingering: dict[Line, float] = {}
        self._timer: asyncio.TimerHandle | None = None

    async def take(self) -> Line:
        """As any pool; what lingers on the connection ends before anything else."""
        line = await super().take()
        self._lingering.pop(line, None)
        return line

    def end(self, line: Line) -> None:
        """End the transaction, whatever became of it, and give the connection back, without waiting for either.

        What was only read is not lost with its COMMIT, so nobody need hear how that went: it goes with what is asked
        next on the connection, or soon by itself. Where somebody has left a statement, that has to stop first.
        """
        if line.is_busy or self._closed:
            self._later(self._end(line))
            return
        line.forget()
        line.say("COMMIT")
        self.give(line)
        self._linger(line)

    async def fetch(self, statement: str, *values: Any, seconds: float) -> list[asyncpg.Record]:
        """The rows of one statement that is a transaction of its own, in one round trip, given up after `seconds`."""
        line = await self.take()
        try:
            rows = await line.fetch(statement, *values, seconds=seconds)
        except BaseException:
            self._later(self._end(line))
            raise
        self.give(line)
        return rows

    async def close(self) -> None:
        """As any pool, after the transactions that are ending."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
        await asyncio.gather(*self._ending)
        await super().close()

    async def _connected(self) -> Line:
        settings = GENERIC_PLANS if self._cached else None
        connection = await asyncpg.connect(self._url, statement_cache_size=self._cached, server_settings=settings)
        try:
            await _know_types(connection)
        except BaseException:
            connection.terminate()
            raise
        return Line(connection, keeps=self._cached)

    def _linger(self, line: Line, since: float | None = None) -> None:
        loop = asyncio.get_running_loop()
        self._lingering[line] = since or loop.time()
        if self._timer is None:
            self._timer = loop.call_later(LINGER_SECONDS, self._settle)

    def _settle(self) -> None:
        """End the transactions that nobody has ended for some time."""
        now, self._timer = asyncio.get_running_loop().time(), None
        late = [line for line, since in self._lingering.items() if now - since >= LINGER_SECONDS]
        for line in late:
            del self._lingering[line]
            if line in self._free:
                self._later(self._settled(line))
        if self._lingering:
            self._linger(*self._lingering.popitem())

    async def _settled(self, line: Line) -> None:
        if await self.claim(line):
            await self._end(line)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._ending.add(task)  # the loop itself keeps no hold of it
        task.add_done_callback(self._ending.discard)

    async def _end(self, line: Line) -> None:
        """COMMIT also ends a transaction that failed; a connection that cannot in time is thrown away.

        The driver waits here, too, until a statement that was cancelled has stopped.
        """
        try:
            line.forget()
            await line.execute("COMMIT", seconds=END_SECONDS)
        except Exception:
            line.driver.terminate()
        except BaseException:
            line.driver.terminate()
            raise
        finally:
            self.give(line)


async def _know_types(connection: Connection) -> None:
    """Teach a new connection its codecs; it asks what their arrays are now, and not within the first query."""
    await connection.set_type_codec("uuid", schema="pg_catalog", encoder=_bytes, decoder=bytes.hex, format="binary")
    await connection.set_type_codec("numeric", schema="pg_catalog", encoder=str, decoder=str, format="text")
    await connection.set_type_codec(
        "timestamptz", schema="pg_catalog", encoder=datetime.isoformat, decoder=datetime.fromisoformat, format="text"
    )
    await connection.fetch(ARRAYS)


def _bytes(key: UUID | str) -> bytes:
    return bytes.fromhex(key) if isinstance(key, str) else key.bytes
