"""The guarded session refuses work outside a scope, and gives every transaction its own."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from domain.tenants.model import CustomRole
from tenancy.database import Database
from tenancy.scope import WORKER, ScopeViolationError, tenant_scope
from tenancy.session import GuardedSession, scope_of
from tests.support import postgres


@pytest.fixture
async def pool(database: postgres.Database) -> AsyncIterator[Database]:
    made = Database(database.application_url, pool_size=1)
    yield made
    await made.close()


async def setting(session: AsyncSession, name: str) -> str:
    found = await session.execute(text("SELECT current_setting(:name, true)"), {"name": name})
    return str(found.scalar_one())


async def test_a_session_without_a_scope_runs_nothing() -> None:
    async with AsyncSession(sync_session_class=GuardedSession) as session:
        with pytest.raises(ScopeViolationError):
            await session.execute(select(CustomRole))


async def test_a_session_without_a_scope_has_none_to_tell() -> None:
    async with AsyncSession(sync_session_class=GuardedSession) as session:
        with pytest.raises(ScopeViolationError):
            scope_of(session)


async def test_the_scope_ends_with_its_transaction(pool: Database) -> None:
    async with pool.reading(WORKER) as session:
        assert await setting(session, "bailiwick.scope") == "worker"
    line = await pool.writers.take()  # the same connection, from a pool of one
    assert await line.driver.fetchval("SELECT current_setting('bailiwick.scope', true)") == ""
    pool.writers.give(line)


async def test_a_reading_transaction_cannot_write(pool: Database) -> None:
    with pytest.raises(Exception, match="read-only transaction"):
        async with pool.reading(WORKER) as session:
            await session.execute(text("CREATE TEMPORARY TABLE t (x int)"))


async def test_a_row_of_another_tenant_is_refused_before_it_is_sent(pool: Database) -> None:
    with pytest.raises(ScopeViolationError):
        async with pool.writing(tenant_scope(uuid4(), uuid4())) as session:
            session.add(CustomRole(tenant_id=uuid4(), name="x", permissions=[]))


async def test_a_failed_unit_of_work_leaves_its_connection_usable(pool: Database) -> None:
    with pytest.raises(Exception, match="division by zero"):
        async with pool.writing(WORKER) as session:
            await session.execute(text("SELECT 1 / 0"))
    async with pool.reading(WORKER) as session:
        assert (await session.execute(text("SELECT 1"))).scalar_one() == 1
