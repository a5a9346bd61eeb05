"""K4 Nested queries: the number of SQL statements is at most that of relations, whatever the number of rows."""

import re
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from execution.running.ahead import MOST_PARTS
from tests.support import factories as make
from tests.support.app import Running
from tests.support.sent import read
from tests.support.world import World

NESTED = """
query ($customers: Int!) {
  customers(first: $customers) {
    totalCount
    nodes {
      organizationName
      openTicketCount
      services(first: 10) { nodes { service { name channel { name } } subscription { seats setup { status } } } }
      entitlements(first: 10) { nodes { available contract { displayName } } }
      tickets(first: 5, filter: {openOnly: true}) {
        totalCount
        nodes {
          number
          viewerRelation
          viewerCan { reply }
          responseTarget { state }
          conversation(first: 5) { nodes { body } }
          participants(first: 5) { nodes { email } }
          tenant { name services(first: 5) { nodes { service { name } } } }
          temporarySupportAccount { expiresAt }
          entitlementUse { entitlement { available } }
        }
      }
    }
  }
}
"""
CUSTOMERS = 25
PART = re.compile(r"^SELECT \d+, (?:c\d|NULL)", re.MULTILINE)
"""Where each of the statements begins that travel as one."""


async def add_customers(session: AsyncSession, world: World, first: int, count: int) -> None:
    """Customers of Meridian, each with a service, a ticket with a message, and a contract that the partner linked."""
    for number in range(first, first + count):
        tenant = await make.tenant(session, f"Customer {number:03}")
        owner = await make.user(session, f"owner@{number}.example")
        await make.relationship(session, world.meridian.tenant, tenant)
        await make.subscription(session, tenant, world.catalogue.backup)
        for _ in range(3):
            ticket = await make.ticket(session, tenant, owner, world.catalogue.backup)
            await make.message(session, tenant, ticket)
        contract, _ = await make.contract(session, tenant)
        channel: UUID = world.catalogue.contract_channel
        await make.link(session, world.meridian.tenant, world.meridian.admin, contract, channel)


@pytest.fixture
async def _customers(client: Running, world: World) -> None:
    async with client.session() as session:
        await add_customers(session, world, 0, CUSTOMERS)


async def statements_of(client: Running, customers: int) -> list[str]:
    admin = await client.as_("admin@meridian.example")
    with read() as sent:
        answer = await admin.query(NESTED, customers=customers)
    assert len(answer.data["customers"]["nodes"]) == customers
    return sent


@pytest.mark.usefixtures("_customers")
async def test_K4_twice_the_data_is_the_same_number_of_statements(client: Running, world: World) -> None:
    before = await statements_of(client, CUSTOMERS)
    async with client.session() as session:
        await add_customers(session, world, CUSTOMERS, CUSTOMERS)
    after = await statements_of(client, 2 * CUSTOMERS)
    assert len(after) == len(before)


@pytest.mark.usefixtures("_customers")
async def test_K4_every_relation_is_read_once(client: Running) -> None:
    """Each of 20 relations and counts; not the twenty-first, as no ticket draws on a contract here."""
    sent = await statements_of(client, CUSTOMERS)
    parts = [PART.findall(text) for text in sent]
    assert sum(max(len(each), 1) for each in parts) == 20
    assert len(parts[0]) == MOST_PARTS  # as many as travel as one
    assert len(sent) == 1 + 20 - MOST_PARTS
