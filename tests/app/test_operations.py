"""Running operations: nobody waits in vain, and nothing is left behind."""

import asyncio

import pytest
from sqlalchemy import select, text

from authz.roles import Role
from execution.sql.statements import Statement, compiled
from resolvers.context import Context
from tests.support import factories as make
from tests.support.app import Client, Running, running
from tests.support.postgres import Database
from tests.support.world import World

SLEEP = compiled(select(text("pg_sleep(30)")))
SLOW = '{ node(id: "service_00000000000000000000000000000000") { id } }'


@pytest.fixture
async def owner(client: Running, world: World) -> Client:
    """Somebody who asks."""
    return await client.as_("owner@alder.example")


@pytest.fixture
def sleeping(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Makes every statement wait in the database, and tells when one begins."""
    begun = asyncio.Event()

    async def fetch(self: Context, _statement: Statement, _values: object) -> list[object]:
        asyncio.get_running_loop().call_later(0.05, begun.set)
        return await self._reader.fetch(SLEEP, [])

    monkeypatch.setattr(Context, "fetch", fetch)
    return begun


async def statements(client: Running) -> int:
    """How many statements of these tests run in the database."""
    async with client.session() as session:
        running = text(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(30)%' AND state = 'active'"
            " AND pid <> pg_backend_pid()"
        )
        return int((await session.execute(running)).scalar_one())


async def settled(client: Running, expected: int) -> bool:
    for _ in range(100):
        if await statements(client) == expected:
            return True
        await asyncio.sleep(0.02)
    return False


async def given_back(client: Running) -> bool:
    """Whether all connections can be had by the next."""
    pools = client.database.writers, client.database.readers
    for _ in range(100):
        if not any(pool.taken for pool in pools):
            return True
        await asyncio.sleep(0.02)
    return False


async def test_a_cancelled_operation_stops_its_statement_and_gives_its_connection_back(
    client: Running, owner: Client, sleeping: asyncio.Event
) -> None:
    asking = asyncio.create_task(owner.query(SLOW))
    await asyncio.wait_for(sleeping.wait(), 5)
    assert await settled(client, 1)

    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking

    assert await settled(client, 0)
    assert await given_back(client)


async def test_an_operation_that_takes_too_long_is_stopped(database: Database, sleeping: asyncio.Event) -> None:
    async with running(database, request_timeout=0.3) as app:
        await app.clean()
        async with app.session() as session:
            tenant = await make.tenant(session)
            user = await make.person(session, tenant, Role.TENANT_OWNER)
        answer = await (await app.as_(user)).query(SLOW)

        assert (answer.response.status_code, answer.codes) == (503, ["TIMEOUT"])
        assert await settled(app, 0)
        assert await given_back(app)


async def test_metrics_count_lookups_of_documents_plans_and_statements(database: Database, world: World) -> None:
    async with running(database) as app:
        owner = await app.as_("owner@alder.example")
        for _ in range(3):
            await owner.query("{ customers(first: 1) { nodes { id } } }")
        page = (await app.http.get("/metrics")).text
    for cache in ("documents", "plans"):
        assert f'bailiwick_cache_lookups_total{{cache="{cache}",result="miss"}} 1.0' in page
        assert f'bailiwick_cache_lookups_total{{cache="{cache}",result="hit"}} 2.0' in page
        assert f'bailiwick_cache_evictions_total{{cache="{cache}"}} 0.0' in page
    assert 'bailiwick_cache_lookups_total{cache="statements",result="hit"}' in page
