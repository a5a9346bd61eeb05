"""A bulk operation followed live: how far it has come, told to who may see it, from whatever process does it."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest
from sqlalchemy import update

from authz.roles import Role
from domain.bulk.running import do_next
from domain.tenants.model import Membership
from execution.ids import encode
from tenancy.database import Database
from tests.app.live.conftest import Platform
from tests.app.live.talking import talking
from tests.support import factories as make

pytestmark = pytest.mark.thorough

FOLLOW = "subscription($id: ID!) { bulkOperationUpdated(id: $id) { status succeeded pending } }"


@pytest.fixture
async def worker(platform: Platform) -> AsyncIterator[Database]:
    """The worker's connections."""
    database = Database(platform.client.addresses.worker_url, pool_size=2)
    yield database
    await database.close()


@pytest.fixture
async def operation(platform: Platform) -> UUID:
    """Two tickets are to be given back to the queue."""
    world = platform.world
    async with platform.client.session() as session:
        other = await make.ticket(session, world.alder.tenant, world.alder.user, world.catalogue.backup)
        holder = world.platform
        return await make.bulk_operation(session, holder.tenant, holder.agent, [world.alder.ticket, other])


async def test_its_progress_is_told_at_once_and_with_each_item(
    platform: Platform, worker: Database, operation: UUID
) -> None:
    async with talking(platform.other) as talk:
        await talk.begin(await platform.token("agent@northstar.example"))
        await talk.ask("a", FOLLOW, id=encode("bulk", operation))
        told = [await talk.news("a")]
        for _ in range(2):
            await do_next(worker, operation, platform.client.clock())
            told.append(await talk.news("a"))
    assert [list(news["bulkOperationUpdated"].values()) for news in told] == [
        ["PENDING", 0, 2],
        ["RUNNING", 1, 1],
        ["COMPLETED", 2, 0],
    ]


async def test_who_does_not_see_it_is_refused(platform: Platform, operation: UUID) -> None:
    async with platform.client.session() as session:
        tenant = platform.world.platform.tenant
        await make.person(session, tenant, Role.AGENT, "other@northstar.example")
    for email, code in (("other@northstar.example", "NOT_FOUND"), ("owner@alder.example", "FORBIDDEN")):
        async with talking(platform.url) as talk:
            await talk.begin(await platform.token(email))
            await talk.ask("a", FOLLOW, id=encode("bulk", operation))
            refused = await talk.heard()
            assert (refused["type"], refused["payload"][0]["extensions"]["code"]) == ("error", code)


async def test_it_ends_when_the_role_is_gone(platform: Platform, worker: Database, operation: UUID) -> None:
    async with talking(platform.url) as talk:
        await talk.begin(await platform.token("agent@northstar.example"))
        await talk.ask("a", FOLLOW, id=encode("bulk", operation))
        await talk.news("a")
        async with platform.client.session() as session:
            mine = Membership.user_id == platform.world.platform.agent
            await session.execute(update(Membership).where(mine).values(role=Role.OPERATOR))
        assert await talk.heard() == {"id": "a", "type": "complete"}
