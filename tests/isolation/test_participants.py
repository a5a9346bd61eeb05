"""C1 Who takes part in one ticket and is of no organisation reaches that ticket, and nothing else (spec 4.3, 13)."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import select

from authz.actor import Actor
from domain.tickets.model import ParticipantKind, TicketParticipant
from domain.tickets.notifications import Notification
from tests.isolation.declared import relations
from tests.isolation.owners import keys_outside
from tests.isolation.test_twins import actor_of, reached
from tests.support import factories as make
from tests.support.app import Running
from tests.support.world import Twin

RELATIONS = relations()
EMAIL = "consultant@elsewhere.example"


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody, and what is theirs: their account, the organisation, the ticket and their part in it."""

    actor: Actor
    own: frozenset[UUID]


@pytest.fixture(params=[ParticipantKind.CC, ParticipantKind.CONTACT], name="named")
async def _named(request: pytest.FixtureRequest, client: Running, twins: tuple[Twin, Twin]) -> Named:
    """Named in a ticket of an organisation that has a row of everything besides."""
    customer = twins[0].customers[0].customer
    async with client.session() as session:
        person = await make.user(session, EMAIL, email_verified_at=client.clock())
        ticket = await make.ticket(session, customer.tenant, customer.owner)
        by = {"email": EMAIL, "added_by_tenant_id": customer.tenant}
        await make.participant(session, customer.tenant, ticket, person, request.param, **by)
        rows = [select(row.id).where(row.ticket_id == ticket) for row in (TicketParticipant, Notification)]
        parts = {key for each in rows for key in (await session.execute(each)).scalars()}
    return Named(await actor_of(client, EMAIL), frozenset({person, customer.tenant, ticket} | parts))


async def test_C1_no_relation_leads_to_anything_else(client: Running, named: Named) -> None:
    async with client.session() as session:
        others = set(await keys_outside(session, ())) - named.own
    found = {name: len(await reached(client, named.actor, relation, others)) for name, relation in RELATIONS.items()}
    assert {name: count for name, count in found.items() if count} == {}
