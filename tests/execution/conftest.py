"""Twin partners with more tickets, and the application's executor as a client that takes parts meets it."""

import pytest

from authz.actor import Actor
from tests.support import factories as make
from tests.support.app import Running
from tests.support.parts import InParts
from tests.support.world import Twin


@pytest.fixture
def in_parts(client: Running) -> InParts:
    """Asks for answers in parts."""
    return InParts(client)


@pytest.fixture
async def owner(client: Running, in_parts: InParts, twins: tuple[Twin, Twin]) -> Actor:
    """The owner of a customer with four tickets, three of them with three messages."""
    [customer, _] = twins[0].customers
    async with client.session() as session:
        for number in range(3):
            ticket = await make.ticket(
                session, customer.customer.tenant, customer.customer.owner, summary=f"Ticket {number}"
            )
            for body in "abc":
                await make.message(session, customer.customer.tenant, ticket, body)
    return await in_parts.actor(await client.as_("owner@leftone.example"))


@pytest.fixture
async def staff(client: Running, in_parts: InParts, twins: tuple[Twin, Twin]) -> Actor:
    """Somebody of a partner with two customers."""
    return await in_parts.actor(await client.as_("staff@left.example"))
