"""In whose list a ticket is: the partner's of the live relationship, in either mode, else its own tenant's."""

from uuid import UUID

from sqlalchemy import delete, select

from domain.customers.model import ManagementMode, ManagementRelationship, RelationshipStatus
from domain.tickets.model import Ticket
from execution.ids import encode
from tests.schema.asking import done
from tests.support import factories as make
from tests.support.app import Running
from tests.support.world import World

LIST = "{ tickets(first: 10) { totalCount nodes { id } } }"


async def desk(client: Running, ticket: UUID) -> UUID:
    async with client.session() as session:
        return (await session.execute(select(Ticket.desk_id).where(Ticket.id == ticket))).scalar_one()


async def listed(client: Running, who: str) -> set[str]:
    return {node["id"] for node in (await done(await client.as_(who), LIST))["nodes"]}


async def raised(client: Running, tenant: UUID) -> UUID:
    async with client.session() as session:
        return await make.ticket(session, tenant)


async def test_a_customers_ticket_is_in_its_partners_list(client: Running, world: World) -> None:
    assert await desk(client, world.alder.ticket) == world.meridian.tenant
    assert await listed(client, "admin@meridian.example") == {encode("ticket", world.alder.ticket)}


async def test_4_4_in_customer_mode_it_stays_there_and_is_not_seen(client: Running, world: World) -> None:
    async with client.session() as session:
        edge = world.alder.relationship
        await make.change(session, ManagementRelationship, edge, mode=ManagementMode.CUSTOMER)
    assert await desk(client, world.alder.ticket) == world.meridian.tenant
    assert await listed(client, "admin@meridian.example") == set()


async def test_a_ticket_of_nobodys_customer_is_in_its_own_list(client: Running, world: World) -> None:
    ticket = await raised(client, world.lone_pine.tenant)
    assert await desk(client, ticket) == world.lone_pine.tenant
    assert await listed(client, "owner@lonepine.example") == {encode("ticket", ticket)}


async def test_tickets_follow_the_relationship(client: Running, world: World) -> None:
    tenant, partner = world.lone_pine.tenant, world.meridian.tenant
    ticket = await raised(client, tenant)
    async with client.session() as session:
        edge = await make.relationship(session, partner, tenant, status=RelationshipStatus.PENDING)
    assert await desk(client, ticket) == tenant
    async with client.session() as session:
        await make.change(session, ManagementRelationship, edge, status=RelationshipStatus.ACTIVE)
    assert await desk(client, ticket) == partner
    assert encode("ticket", ticket) in await listed(client, "admin@meridian.example")
    async with client.session() as session:
        await session.execute(delete(ManagementRelationship).where(ManagementRelationship.id == edge))
    assert await desk(client, ticket) == tenant
    assert encode("ticket", ticket) not in await listed(client, "admin@meridian.example")
