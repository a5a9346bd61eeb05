"""Transactions with a scope: the only way to PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import asyncpg
from sqlalchemy import NullPool
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

from tenancy.line import Line
from tenancy.pool import Pool
from tenancy.reading import CACHED_STATEMENTS, ReadPool
from tenancy.scope import Scope
from tenancy.session import WORK, scoped_session
from tenancy.url import DRIVER, connect_arguments
from tenancy.work import Work

READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
# Commands find rows by their keys: one plan is right for all values, and planning costs more than such a statement.
WRITING = "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL plan_cache_mode = force_generic_plan"
ROLLBACK_SECONDS = 2.0


class Database:
    """Connections of the application's role, which owns nothing and bypasses nothing: a pool of them for sessions,
    and one as large for snapshots.

    `url` is a libpq URL. `statement_timeout` is in seconds. `statement_cache` is off behind a
    pooler that cannot keep prepared statements.
    """

    def __init__(
        self, url: str, *, pool_size: int = 10, statement_timeout: float = 15.0, statement_cache: bool = True
    ) -> None:
        caches = {"statement_cache_size": CACHED_STATEMENTS}
        if not statement_cache:
            caches = {"statement_cache_size": 0, "prepared_statement_cache_size": 0}
        self._seconds = statement_timeout
        self._timeout = f"{round(statement_timeout * 1000)}ms"
        # AUTOCOMMIT: the driver must not begin by itself, since BEGIN and the scope travel in one round trip below.
        self.engine = create_async_engine(
            DRIVER,
            isolation_level="AUTOCOMMIT",
            poolclass=NullPool,
            pool_reset_on_return=None,
            hide_parameters=True,  # they are people's data, and errors are logged
            connect_args=connect_arguments(url) | caches,
        )
        self.writers = Pool(pool_size, self._connected)
        self.readers = ReadPool(url, size=pool_size, statement_cache=statement_cache)

    def reading(self, scope: Scope) -> AbstractAsyncContextManager[AsyncSession]:
        """One read-only snapshot: all that is read in it is of one instant."""
        return self._transaction(READING, scope)

    @asynccontextmanager
    async def snapshot(self, scope: Scope) -> AsyncIterator[Line]:
        """As `reading`, for statements that are compiled already: it begins with the first, in the same round trip."""
        line = await self.readers.take()
        try:
            line.say(READING, *(f"SET LOCAL {name} = '{value}'" for name, value in self._settings(scope)))
            yield line
        finally:
            self.readers.end(line)

    async def fetch(self, statement: str, *values: Any) -> list[asyncpg.Record]:
        """The rows of one statement that brings its own scope, as a function of the database does; else no rows."""
        return await self.readers.fetch(statement, *values, seconds=self._seconds)

    def writing(self, scope: Scope) -> AbstractAsyncContextManager[AsyncSession]:
        """One unit of work: committed when the block ends, rolled back whole when it raises."""
        return self._transaction(WRITING, scope)

    async def close(self) -> None:
        """Give all connections back to the server."""
        await self.readers.close()
        await self.writers.close()

    @asynccontextmanager
    async def _transaction(self, begin: str, scope: Scope) -> AsyncIterator[AsyncSession]:
        line = await self.writers.take()
        session = scoped_session(scope, bind=line.orm)
        work = session.info[WORK] = Work(line.driver, scope)
        try:
            await line.driver.execute(f"{begin}; {self._configuration(scope)}")
            yield session
            if session.new or session.dirty or session.deleted:
                await work.send()
                await session.flush()
            await work.end()
            await line.driver.execute("COMMIT")
        except BaseException:
            await asyncio.shield(self._leave(line, session, failed=True))
            raise
        if session.in_transaction():
            await asyncio.shield(self._leave(line, session))
        else:  # nobody has used it, and there is nothing to close
            self.writers.give(line)

    async def _leave(self, line: Line, session: AsyncSession, *, failed: bool = False) -> None:
        """Give the connection back with nothing left on it, be it thrown away; whoever waits for this may be gone."""
        try:
            if failed:
                await _roll_back(line)
            await session.close()
        finally:
            self.writers.give(line)

    async def _connected(self) -> Line:
        """A connection that stays SQLAlchemy's, which takes longer to get hold of one than a statement does."""
        orm = await self.engine.connect()
        connection = await orm.get_raw_connection()
        driver: Any = connection.driver_connection
        connection.detach()
        return Line(driver, orm)

    def _configuration(self, scope: Scope) -> str:
        """SQL that sets the scope for this transaction."""
        return "SELECT " + ", ".join(f"set_config('{name}', '{value}', true)" for name, value in self._settings(scope))

    def _settings(self, scope: Scope) -> Iterable[tuple[str, str]]:
        """What a transaction is told; the values are UUIDs and constants, never a caller's text."""
        return (*scope.settings().items(), ("statement_timeout", self._timeout))


async def _roll_back(line: Line) -> None:
    """End the transaction; a connection that cannot do so in time is thrown away, not handed to the next request."""
    try:
        await line.driver.execute("ROLLBACK", timeout=ROLLBACK_SECONDS)
    except Exception:
        line.driver.terminate()
