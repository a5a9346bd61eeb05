"""Units of work: all or nothing, and no connection is handed on with anything of another left on it."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncSession

from tenancy import database as transactions
from tenancy import pool as pools
from tenancy.database import Database
from tenancy.scope import WORKER, tenant_scope
from tests.support import postgres
from tests.support.waiting import until_closed

SETTINGS = "SELECT coalesce(current_setting('bailiwick.scope', true), '')"
PROCESS = text("SELECT pg_backend_pid()")
RUNNING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND query = 'SELECT pg_sleep(61)'"


@pytest.fixture
async def pool(database: postgres.Database) -> AsyncIterator[Database]:
    """A pool of one: whatever a connection keeps, the next that asks gets."""
    made = Database(database.application_url, pool_size=1)
    yield made
    await made.close()


@pytest.fixture
async def onlooker(database: postgres.Database) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.administrator_url)
    await connection.execute("CREATE TABLE notes (x int); GRANT ALL ON notes TO PUBLIC")
    yield connection
    await connection.execute("DROP TABLE notes")
    await connection.close()


async def note(session: AsyncSession) -> None:
    await session.execute(text("INSERT INTO notes VALUES (1)"))


async def failing(pool: Database) -> None:
    async with pool.writing(WORKER) as session:
        await note(session)
        raise LookupError


async def sleeping(pool: Database) -> None:
    async with pool.writing(WORKER) as session:
        await note(session)
        await session.execute(text("SELECT pg_sleep(61)"))


async def ended(pool: Database, onlooker: asyncpg.Connection) -> None:
    """The server ends the connection under a unit of work."""
    async with pool.writing(WORKER) as session:
        process = (await session.execute(PROCESS)).scalar_one()
        await onlooker.fetch("SELECT pg_terminate_backend($1, 5000)", process)
        await note(session)


async def twice(pool: Database) -> None:
    async with pool.writing(tenant_scope(uuid4(), None)) as session:
        await note(session)
        await note(session)


async def noted(onlooker: asyncpg.Connection) -> int:
    return int(await onlooker.fetchval("SELECT count(*) FROM notes"))


async def process_of(pool: Database) -> int:
    async with pool.writing(WORKER) as session:
        return int((await session.execute(PROCESS)).scalar_one())


async def test_one_unit_of_work_after_the_other_has_the_same_connection(
    pool: Database, onlooker: asyncpg.Connection
) -> None:
    for _ in range(3):
        async with pool.writing(WORKER) as session:
            await note(session)
    assert await process_of(pool) == await process_of(pool)
    assert await noted(onlooker) == 3


async def test_a_unit_of_work_that_fails_is_undone(pool: Database, onlooker: asyncpg.Connection) -> None:
    with pytest.raises(LookupError):
        await failing(pool)
    assert await noted(onlooker) == 0
    assert pool.writers.taken == 0


async def test_a_session_that_fails_leaves_the_next_one_nothing(pool: Database) -> None:
    with pytest.raises(Exception, match="division by zero"):
        async with pool.writing(WORKER) as session:
            await session.execute(text("SELECT 1 / 0"))
    async with pool.writing(tenant_scope(UUID(int=1), None)) as session:
        assert (await session.execute(text(SETTINGS))).scalar_one() == "tenant"


async def test_a_cancelled_statement_stops_in_the_server_and_its_connection_is_given_back(
    pool: Database, onlooker: asyncpg.Connection
) -> None:
    task = asyncio.create_task(sleeping(pool))
    while not await onlooker.fetchval(RUNNING):  # noqa: ASYNC110 - another process answers
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with pool.writing(WORKER) as session:
        assert (await session.execute(text("SELECT 1"))).scalar_one() == 1
    assert (await onlooker.fetchval(RUNNING), await noted(onlooker)) == (0, 0)


@pytest.mark.parametrize("tenths", range(16))
async def test_cancelled_at_any_moment_it_is_done_or_undone_whole_and_leaves_nothing_behind(
    pool: Database, onlooker: asyncpg.Connection, tenths: int
) -> None:
    await twice(pool)
    task = asyncio.create_task(twice(pool))
    await asyncio.sleep(tenths / 10_000)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    line = await pool.writers.take()
    assert await line.driver.fetchval(SETTINGS) == ""
    pool.writers.give(line)
    assert await noted(onlooker) in {2, 4}
    assert pool.writers.taken == 0


async def test_a_connection_that_the_server_ended_is_replaced(pool: Database, onlooker: asyncpg.Connection) -> None:
    line = await pool.writers.take()
    pool.writers.give(line)
    first = line.driver.get_server_pid()
    await onlooker.fetch("SELECT pg_terminate_backend($1, 5000)", first)
    await until_closed(line)
    assert await process_of(pool) != first


async def test_a_connection_that_the_server_ends_in_a_unit_of_work_is_replaced(
    pool: Database, onlooker: asyncpg.Connection
) -> None:
    first = await process_of(pool)
    with pytest.raises(DBAPIError):  # in words of the driver's, by when it notices
        await ended(pool, onlooker)
    assert await process_of(pool) != first
    assert await noted(onlooker) == 0


async def test_a_server_that_does_not_undo_it_in_time_loses_the_connection(
    pool: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await process_of(pool)
    monkeypatch.setattr(transactions, "ROLLBACK_SECONDS", 0.0)
    with pytest.raises(LookupError):
        async with pool.writing(WORKER):
            raise LookupError
    assert await process_of(pool) != first


async def test_waiting_for_a_connection_ends(pool: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "WAIT_SECONDS", 0.05)
    async with pool.writing(WORKER):
        with pytest.raises(PoolTimeoutError):
            await process_of(pool)
    assert await process_of(pool)
