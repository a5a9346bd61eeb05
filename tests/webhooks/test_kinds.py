"""Of what happens in a ticket, what endpoints are told, and of what they are not (spec 3, 11 and 25)."""

from typing import Any

import orjson
from sqlalchemy import select

from domain.tickets.events import INTERNAL, TicketEventKind
from domain.tickets.model import TicketParticipant
from domain.webhooks.states import WebhookEventType
from execution.ids import encode
from tests.schema.asking import INVITE, REVOKE, done, form, made
from tests.schema.test_ticket_copies import ADD, REMOVE
from tests.schema.test_ticket_merging import MERGE
from tests.support import factories as make
from tests.webhooks.conftest import Hooks

Kind, Told = TicketEventKind, WebhookEventType
TOLD = {
    Kind.CREATED: {Told.TICKET_CREATED},
    Kind.FOLLOW_UP_RAISED: {Told.TICKET_CREATED},
    Kind.INCIDENT_DEBITED: {Told.TICKET_CREATED},
    Kind.REPLIED: {Told.TICKET_REPLIED},
    Kind.FIRST_RESPONDED: {Told.TICKET_REPLIED},
    Kind.STATUS_CHANGED: {Told.TICKET_RESOLVED, Told.TICKET_REOPENED, Told.TICKET_CLOSED},
    Kind.INCIDENT_CREDITED: {Told.TICKET_CLOSED, Told.TICKET_MERGED},
    Kind.ASSIGNED: {Told.TICKET_ASSIGNED},
    Kind.SEVERITY_CHANGED: {Told.TICKET_SEVERITY_SET},
    Kind.MERGED_INTO: {Told.TICKET_MERGED},
    Kind.MERGED_FROM: {Told.TICKET_MERGED},
    Kind.CC_ADDED: {Told.TICKET_CC_ADDED},
    Kind.CC_REMOVED: {Told.TICKET_CC_REMOVED},
    Kind.TEMPORARY_ACCESS_GRANTED: {Told.TICKET_TEMPORARY_ACCESS_GRANTED},
    Kind.TEMPORARY_ACCESS_REVOKED: {Told.TICKET_TEMPORARY_ACCESS_REVOKED},
}


def test_whatever_happens_in_public_is_told_and_nothing_else_is() -> None:
    assert set(TOLD) == set(TicketEventKind) - INTERNAL
    assert set().union(*TOLD.values()) == set(WebhookEventType)


async def told(hooks: Hooks) -> list[tuple[str, str]]:
    """What arrives next: types, and the statuses that are told with them."""
    hooks.receiver.received.clear()
    await hooks.deliver()
    events = [orjson.loads(one.body) for one in hooks.receiver.received]
    assert {name for event in events for name in event["data"]} <= {
        "ticketId",
        "tenantId",
        "number",
        "status",
        "severity",
    }
    return [(event["type"], event["data"]["status"]) for event in events]


async def asked(hooks: Hooks, who: str, document: str, **variables: Any) -> dict[str, Any]:
    payload = await done(await hooks.client.as_(who), document, **variables)
    assert payload["userErrors"] == []
    return payload


async def test_a_merge_is_told_of_the_ticket_that_ends(hooks: Hooks) -> None:
    alder = hooks.world.alder
    async with hooks.client.session() as session:
        other = await make.ticket(session, alder.tenant, alder.owner, hooks.world.catalogue.backup)
    await hooks.endpoint(event_types=["TICKET_MERGED", "TICKET_CLOSED"])
    into = encode("ticket", alder.ticket)
    await asked(hooks, "lead@northstar.example", MERGE, id=encode("ticket", other), into=into)
    assert await told(hooks) == [("ticket.merged", "CLOSED")]


async def test_C8_copying_in_and_out_is_told_without_saying_whom(hooks: Hooks) -> None:
    await hooks.endpoint(event_types=["TICKET_CC_ADDED", "TICKET_CC_REMOVED"])
    ticket, owner = encode("ticket", hooks.world.alder.ticket), "owner@alder.example"
    await asked(hooks, owner, ADD, id=ticket, to=["new@elsewhere.example"])
    assert await told(hooks) == [("ticket.cc_added", "OPEN")]
    async with hooks.client.session() as session:
        person = select(TicketParticipant.id).where(TicketParticipant.email == "new@elsewhere.example")
        key = (await session.execute(person)).scalar_one()
    await asked(hooks, owner, REMOVE, id=ticket, ids=[encode("participant", key)])
    assert await told(hooks) == [("ticket.cc_removed", "OPEN")]


async def test_A18_that_the_vendor_may_look_in_and_no_longer_may_is_told(hooks: Hooks) -> None:
    await hooks.endpoint(event_types=["TICKET_TEMPORARY_ACCESS_GRANTED", "TICKET_TEMPORARY_ACCESS_REVOKED"])
    owner = "owner@alder.example"
    ticket = made(await asked(hooks, owner, INVITE, input=form(hooks.world)))
    assert await told(hooks) == [("ticket.temporary_access_granted", "OPEN")]
    await asked(hooks, owner, REVOKE, id=ticket["temporarySupportAccount"]["id"])
    assert await told(hooks) == [("ticket.temporary_access_revoked", "OPEN")]


async def test_A20_where_the_vendor_is_only_notified_no_access_is_told(hooks: Hooks) -> None:
    await hooks.endpoint(event_types=["TICKET_TEMPORARY_ACCESS_GRANTED"])
    await asked(hooks, "owner@alder.example", INVITE, input=form(hooks.world, temporaryAccess="NOTIFY_ONLY"))
    assert await told(hooks) == []
