"""What the database derives from relationships and policies, when two changes come at once (B17, B18, AMB-16)."""

import asyncio

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from domain.customers.model import ManagementMode, ManagementRelationship, ProviderOption
from domain.tickets.model import Ticket
from tests.schema.managing import hidden_options, relationship
from tests.support import factories as make
from tests.support.app import Running
from tests.support.world import World


async def test_B18_the_database_lets_no_mode_go_back(client: Running, world: World) -> None:
    key = world.solstice.relationship
    assert key is not None

    async def take_back() -> None:
        async with client.session() as session:
            back = {"mode": ManagementMode.PARTNER}
            await make.change(session, ManagementRelationship, key, **back)

    with pytest.raises(IntegrityError, match="never goes back"):
        await take_back()
    assert (await relationship(client, key)).mode is ManagementMode.CUSTOMER


async def test_AMB_16_a_default_that_is_set_meanwhile_gives_nothing_back_to_the_partner(
    client: Running, world: World
) -> None:
    async def hide() -> None:
        async with client.session() as session:
            await make.option_policy(session, world.meridian.tenant, ProviderOption.SUPPORT_TEMPORARY_ACCOUNT)

    async with client.session() as session:
        taken = update(ManagementRelationship).where(ManagementRelationship.id == world.alder.relationship)
        await session.execute(taken.values(mode=ManagementMode.CUSTOMER))
        hiding = asyncio.create_task(hide())
        await asyncio.sleep(0.3)
        assert not hiding.done()
    await hiding
    async with client.session() as session:
        statement = select(Ticket.managing_partner_id).where(Ticket.id == world.alder.ticket)
        assert (await session.execute(statement)).scalar_one() is None
    assert await hidden_options(client, world.alder.tenant) == []
