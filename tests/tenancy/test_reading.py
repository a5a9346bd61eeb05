"""Snapshots on raw connections: one instant, one scope, and no connection is handed on with anything left in it."""

import asyncio
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from tenancy import pool as pool_of
from tenancy import reading
from tenancy.database import Database
from tenancy.line import Line
from tenancy.scope import WORKER, Scope, ScopeKind, tenant_scope
from tests.support import postgres
from tests.support.waiting import until_closed

KEY = UUID("018f2f6e-0000-7000-8000-0000000000aa")
SETTINGS = """
    SELECT coalesce(current_setting('bailiwick.scope', true), ''),
        coalesce(current_setting('bailiwick.tenant_id', true), '')
"""
RUNNING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND query = 'SELECT pg_sleep(60)'"
STATE = "SELECT state FROM pg_stat_activity WHERE pid = $1"


@pytest.fixture
async def pool(database: postgres.Database) -> AsyncIterator[Database]:
    """A pool of one: whatever a connection keeps, the next that asks gets."""
    made = Database(database.application_url, pool_size=1)
    yield made
    await made.close()


@pytest.fixture
async def onlooker(database: postgres.Database) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(database.administrator_url)
    yield connection
    await connection.close()


async def value(connection: Line, question: str) -> object:
    return (await connection.fetch(question))[0][0]


async def sleeping(pool: Database) -> None:
    async with pool.snapshot(WORKER) as connection:
        await connection.fetch("SELECT pg_sleep(60)")


async def until(onlooker: asyncpg.Connection, question: str, answer: object, *values: object) -> None:
    async with asyncio.timeout(5):
        while await onlooker.fetchval(question, *values) != answer:  # noqa: ASYNC110 - another process answers
            await asyncio.sleep(0.01)


async def test_a_snapshot_has_its_scope(pool: Database) -> None:
    async with pool.snapshot(tenant_scope(KEY, uuid4())) as connection:
        assert tuple((await connection.fetch(SETTINGS))[0]) == ("tenant", str(KEY))


async def test_the_scope_ends_with_its_snapshot(pool: Database) -> None:
    async with pool.snapshot(Scope(ScopeKind.TENANT, KEY)):
        pass
    assert tuple((await pool.fetch(SETTINGS))[0]) == ("", "")


async def test_outside_a_scope_there_are_no_rows(pool: Database, onlooker: asyncpg.Connection) -> None:
    tables = await onlooker.fetch("SELECT relname FROM pg_class WHERE relforcerowsecurity AND relkind = 'r'")
    for table in tables:
        assert await pool.fetch(f'SELECT FROM "{table[0]}"') == []


async def test_a_snapshot_is_of_one_instant(pool: Database, onlooker: asyncpg.Connection) -> None:
    await onlooker.execute("CREATE TABLE moments (x int); GRANT SELECT ON moments TO PUBLIC")
    try:
        async with pool.snapshot(WORKER) as connection:
            before = await value(connection, "SELECT count(*) FROM moments")
            await onlooker.execute("INSERT INTO moments VALUES (1)")
            assert (before, await value(connection, "SELECT count(*) FROM moments")) == (0, 0)
        assert (await pool.fetch("SELECT count(*) FROM moments"))[0][0] == 1
    finally:
        await onlooker.execute("DROP TABLE moments")


async def test_a_snapshot_cannot_write(pool: Database) -> None:
    with pytest.raises(asyncpg.ReadOnlySQLTransactionError):
        async with pool.snapshot(WORKER) as connection:
            await connection.execute("CREATE TEMPORARY TABLE t (x int)")


async def test_a_statement_has_its_time(database: postgres.Database) -> None:
    pool = Database(database.application_url, pool_size=1, statement_timeout=0.05)
    with pytest.raises(asyncpg.QueryCanceledError):
        await sleeping(pool)
    with pytest.raises(TimeoutError):
        await pool.fetch("SELECT pg_sleep(60)")
    await pool.close()


async def test_a_failed_snapshot_leaves_its_connection_usable(pool: Database) -> None:
    with pytest.raises(asyncpg.DivisionByZeroError):
        async with pool.snapshot(WORKER) as connection:
            await connection.fetch("SELECT 1 / 0")
    async with pool.snapshot(WORKER) as connection:
        assert await value(connection, "SELECT 1") == 1


async def test_a_connection_that_was_given_back_is_in_no_transaction(
    pool: Database, onlooker: asyncpg.Connection
) -> None:
    async with pool.snapshot(WORKER) as connection:
        process = await value(connection, "SELECT pg_backend_pid()")
    await until(onlooker, STATE, "idle", process)


async def test_what_comes_soon_after_a_snapshot_has_none_of_it(pool: Database, onlooker: asyncpg.Connection) -> None:
    await onlooker.execute("CREATE TABLE moments (x int); GRANT SELECT ON moments TO PUBLIC")
    try:
        async with pool.snapshot(tenant_scope(KEY, None)) as connection:
            assert await value(connection, "SELECT count(*) FROM moments") == 0
        await onlooker.execute("INSERT INTO moments VALUES (1)")
        async with pool.snapshot(WORKER) as connection:
            assert await value(connection, "SELECT count(*) FROM moments") == 1
            assert tuple((await connection.fetch(SETTINGS))[0]) == ("worker", "")
    finally:
        await onlooker.execute("DROP TABLE moments")


async def test_closing_leaves_a_snapshot_its_connection(pool: Database, onlooker: asyncpg.Connection) -> None:
    async with pool.snapshot(WORKER) as connection:
        process = connection.driver.get_server_pid()
        await pool.close()
        assert await value(connection, "SELECT 1") == 1
    await until(onlooker, STATE, None, process)


async def test_there_are_no_more_connections_than_its_size(pool: Database) -> None:
    processes = await asyncio.gather(*(pool.fetch("SELECT pg_backend_pid(), pg_sleep(0.001)") for _ in range(20)))
    assert len({rows[0][0] for rows in processes}) == 1


async def test_a_cancelled_snapshot_stops_its_statement_in_the_server(
    pool: Database, onlooker: asyncpg.Connection
) -> None:
    task = asyncio.create_task(sleeping(pool))
    await until(onlooker, RUNNING, 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(onlooker, RUNNING, 0)
    async with pool.snapshot(tenant_scope(KEY, None)) as connection:
        assert await value(connection, "SELECT current_setting('bailiwick.scope')") == "tenant"


async def test_a_cancelled_statement_stops_in_the_server(pool: Database, onlooker: asyncpg.Connection) -> None:
    task = asyncio.create_task(pool.fetch("SELECT pg_sleep(60)"))
    await until(onlooker, RUNNING, 1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await until(onlooker, RUNNING, 0)
    assert (await pool.fetch("SELECT 1"))[0][0] == 1


@pytest.mark.parametrize("tenths", range(12))
async def test_cancelled_at_any_moment_a_snapshot_leaves_nothing_behind(pool: Database, tenths: int) -> None:
    async def some() -> None:
        async with pool.snapshot(WORKER) as connection:
            await connection.fetch("SELECT 1")

    await some()
    task = asyncio.create_task(some())
    await asyncio.sleep(tenths / 10_000)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert tuple((await pool.fetch(SETTINGS))[0]) == ("", "")


async def test_a_connection_that_the_server_ended_is_replaced(pool: Database, onlooker: asyncpg.Connection) -> None:
    async with pool.snapshot(WORKER) as connection:
        await onlooker.fetch("SELECT pg_terminate_backend($1, 5000)", connection.driver.get_server_pid())
        await until_closed(connection)
    assert (await pool.fetch("SELECT 1"))[0][0] == 1


async def test_a_server_that_does_not_end_a_transaction_in_time_loses_the_connection(
    pool: Database, onlooker: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "END_SECONDS", 0.0)
    async with pool.snapshot(WORKER) as connection:
        await connection.fetch("SELECT 1")
        first = connection.driver.get_server_pid()
    await until(onlooker, STATE, None, first)
    async with pool.snapshot(WORKER) as connection:
        assert connection.driver.get_server_pid() != first


async def test_waiting_for_a_connection_ends(pool: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_of, "WAIT_SECONDS", 0.05)
    async with pool.snapshot(WORKER):
        with pytest.raises(PoolTimeoutError):
            await pool.fetch("SELECT 1")
    assert (await pool.fetch("SELECT 1"))[0][0] == 1


@pytest.mark.parametrize("key", [KEY, KEY.hex])
async def test_identifiers_are_written_either_way_and_read_as_hex(pool: Database, key: UUID | str) -> None:
    row = (await pool.fetch("SELECT $1::uuid, $1::uuid::text", key))[0]
    assert tuple(row) == (KEY.hex, str(KEY))


async def test_identifiers_in_arrays_are_hex_too(pool: Database) -> None:
    row = (await pool.fetch("SELECT $1::uuid[], ($1::uuid[])::text[], '{}'::uuid[]", [KEY, KEY.hex, None]))[0]
    assert tuple(row) == ([KEY.hex, KEY.hex, None], [str(KEY), str(KEY), None], [])


async def test_json_stays_text(pool: Database) -> None:
    row = (await pool.fetch("""SELECT '{"a": 1}'::jsonb, '[1]'::json"""))[0]
    assert tuple(row) == ('{"a": 1}', "[1]")


@pytest.mark.parametrize(("cache", "prepared"), [(True, True), (False, False)])
async def test_statements_stay_prepared_unless_a_pooler_forbids_it(
    database: postgres.Database, cache: bool, prepared: bool
) -> None:
    pool = Database(database.application_url, pool_size=1, statement_cache=cache)
    question = "SELECT EXISTS (SELECT FROM pg_prepared_statements WHERE statement = 'SELECT 1 AS one')"
    async with pool.snapshot(WORKER) as connection:
        await connection.fetch("SELECT 1 AS one")
        assert await value(connection, question) is prepared
    await pool.close()
