"""A ticket's life: what leads from one state to another, and what it does to the clocks (AMB-31, E14)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from domain.tickets.events import TicketEvent
from domain.tickets.model import Ticket
from execution.ids import encode
from tests.schema.asking import (
    AGENT,
    ASSIGN,
    CLOSE,
    LEAD,
    RESOLVE,
    done,
    invited,
    made,
    of,
    problems,
    reply,
    row,
)
from tests.support.app import Running
from tests.support.world import World


async def state(client: Running, world: World, status: str) -> str:
    """Bring Alder's ticket into a state by what leads there."""
    agent, ticket_id = await client.as_(AGENT), of(world)
    if status == "AWAITING_REPLY":
        made(await reply(agent, ticket_id, needsAnswer=True))
    if status in {"RESOLVED", "RESOLVED_LONG_AGO"}:
        made(await done(agent, RESOLVE, id=ticket_id))
    if status == "RESOLVED_LONG_AGO":
        client.clock.advance(days=14)
    if status == "CLOSED":
        made(await done(agent, CLOSE, id=ticket_id, code="DECREMENT"))
    return ticket_id


@pytest.mark.parametrize(
    ("status", "act", "becomes"),
    [
        ("OPEN", "agent replies", "OPEN"),
        ("OPEN", "agent asks", "AWAITING_REPLY"),
        ("OPEN", "user replies", "OPEN"),
        ("OPEN", "agent resolves", "RESOLVED"),
        ("OPEN", "user resolves", "RESOLVED"),
        ("OPEN", "agent closes", "CLOSED"),
        ("AWAITING_REPLY", "agent replies", "AWAITING_REPLY"),
        ("AWAITING_REPLY", "agent asks", "AWAITING_REPLY"),
        ("AWAITING_REPLY", "user replies", "OPEN"),
        ("AWAITING_REPLY", "agent resolves", "RESOLVED"),
        ("AWAITING_REPLY", "user resolves", "RESOLVED"),
        ("AWAITING_REPLY", "agent closes", "CLOSED"),
        ("RESOLVED", "agent replies", "RESOLVED"),
        ("RESOLVED", "agent asks", "INVALID_TRANSITION"),
        ("RESOLVED", "user replies", "OPEN"),
        ("RESOLVED", "agent resolves", "INVALID_TRANSITION"),
        ("RESOLVED", "user resolves", "INVALID_TRANSITION"),
        ("RESOLVED", "agent closes", "CLOSED"),
        ("RESOLVED_LONG_AGO", "user replies", "TICKET_CLOSED"),
        ("RESOLVED_LONG_AGO", "agent closes", "CLOSED"),
        ("CLOSED", "agent replies", "TICKET_CLOSED"),
        ("CLOSED", "agent asks", "TICKET_CLOSED"),
        ("CLOSED", "user replies", "TICKET_CLOSED"),
        ("CLOSED", "agent resolves", "INVALID_TRANSITION"),
        ("CLOSED", "user resolves", "INVALID_TRANSITION"),
        ("CLOSED", "agent closes", "INVALID_TRANSITION"),
    ],
)
async def test_AMB31_D25_what_leads_from_a_state_to_another(
    client: Running, world: World, status: str, act: str, becomes: str
) -> None:
    ticket_id = await state(client, world, status)
    stood = (await row(client, Ticket, ticket_id)).status.value
    name, verb = act.split()
    who = await client.as_(AGENT if name == "agent" else "user@alder.example")
    if verb in {"replies", "asks"}:
        payload = await reply(who, ticket_id, needsAnswer=verb == "asks")
    elif verb == "resolves":
        payload = await done(who, RESOLVE, id=ticket_id)
    else:
        payload = await done(who, CLOSE, id=ticket_id, code="DECREMENT")
    stands = (await row(client, Ticket, ticket_id)).status.value
    if becomes in {"INVALID_TRANSITION", "TICKET_CLOSED"}:
        assert ([error["code"] for error in payload["userErrors"]], stands) == ([becomes], stood)
    else:
        assert (made(payload)["status"], stands) == (becomes, becomes)


async def test_AMB31_a_closed_ticket_says_that_a_new_one_may_follow(client: Running, world: World) -> None:
    ticket_id = await state(client, world, "RESOLVED_LONG_AGO")
    document = """mutation($id: ID!) { ticketReplyAdd(ticketId: $id, input: {body: "x"}) {
      userErrors { __typename code ... on TicketClosedError { followUpAllowed } }
    } }"""
    refused = await done(await client.as_("user@alder.example"), document, id=ticket_id)
    assert refused["userErrors"] == [
        {"__typename": "TicketClosedError", "code": "TICKET_CLOSED", "followUpAllowed": True}
    ]


async def test_AMB31_a_reopened_ticket_counts_it(client: Running, world: World) -> None:
    ticket_id = await state(client, world, "RESOLVED")
    made(await reply(await client.as_("user@alder.example"), ticket_id))
    stored = await row(client, Ticket, ticket_id)
    assert (stored.reopened_count, stored.resolved_at) == (1, None)


@pytest.mark.parametrize("verb", ["resolve", "close", "assign"])
async def test_an_illegal_step_names_the_states(client: Running, world: World, verb: str) -> None:
    ticket_id = await state(client, world, "CLOSED")
    lead = await client.as_(LEAD)
    if verb == "assign":
        refused = await done(lead, ASSIGN, id=ticket_id, agent=None)
        assert refused["userErrors"][0]["code"] == "TICKET_CLOSED"
        return
    document, more = (RESOLVE, {}) if verb == "resolve" else (CLOSE, {"code": "DECREMENT"})
    error = (await done(lead, document, id=ticket_id, **more))["userErrors"][0]
    assert (error["from"], error["to"], error["allowed"]) == ("CLOSED", f"{verb.upper()}D", [])


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("owner@alder.example", "FORBIDDEN"),
        ("colleague@alder.example", "FORBIDDEN"),
        ("admin@meridian.example", "FORBIDDEN"),
        ("owner@lonepine.example", "NOT_FOUND"),
    ],
)
async def test_only_the_vendor_and_the_requester_resolve(client: Running, world: World, who: str, code: str) -> None:
    refused = await done(await client.as_(who), RESOLVE, id=of(world))
    assert [error["code"] for error in refused["userErrors"]] == [code]
    assert (await row(client, Ticket, of(world))).status.value == "OPEN"


async def test_E14_a_ticket_is_given_to_an_agent_and_back(client: Running, world: World) -> None:
    lead = await client.as_(LEAD)
    given = made(await done(lead, ASSIGN, id=of(world), agent=encode("user", world.platform.agent)))
    assert given["assignee"] == {"name": "Agent Northstar"}
    assert made(await done(lead, ASSIGN, id=of(world), agent=None))["assignee"] is None


async def test_E14_to_give_it_to_whose_it_is_changes_nothing(client: Running, world: World) -> None:
    lead, given = await client.as_(LEAD), {"id": of(world), "agent": encode("user", world.platform.agent)}
    first, second = [made(await done(lead, ASSIGN, **given)) for _ in range(2)]
    assert second == first
    async with client.session() as session:
        assert (await session.execute(select(TicketEvent.kind))).scalars().all() == ["ASSIGNED"]


@pytest.mark.parametrize("whom", ["owner", "operator", "nobody"])
async def test_E14_only_to_agents(client: Running, world: World, whom: str) -> None:
    ids = {"owner": world.alder.owner, "operator": world.platform.operator}
    agent = encode("user", ids[whom]) if whom in ids else "user_x"
    refused = await done(await client.as_(LEAD), ASSIGN, id=of(world), agent=agent)
    assert problems(refused) == [("NOT_FOUND", "assigneeId")]


async def test_the_first_answer_stops_the_response_clock_and_waiting_the_other(client: Running, world: World) -> None:
    ticket = made(await invited(await client.as_("owner@alder.example"), world))
    due = (await row(client, Ticket, ticket["id"])).resolution_due_at
    client.clock.advance(minutes=60)
    made(await reply(await client.as_(AGENT), ticket["id"], needsAnswer=True))
    client.clock.advance(minutes=600)
    query = """query($id: ID!) { ticket(id: $id) {
      responseTarget { state remainingMinutes } resolutionTarget { state dueAt remainingMinutes }
    } }"""
    owner = await client.as_("owner@alder.example")
    waiting = (await owner.query(query, id=ticket["id"])).data["ticket"]
    assert waiting["responseTarget"] == {"state": "MET", "remainingMinutes": 180}
    assert waiting["resolutionTarget"]["state"] == "PAUSED"
    assert waiting["resolutionTarget"]["remainingMinutes"] == 2400 - 60
    made(await reply(owner, ticket["id"]))
    running = (await owner.query(query, id=ticket["id"])).data["ticket"]["resolutionTarget"]
    assert datetime.fromisoformat(running["dueAt"]) == due + timedelta(minutes=600)
    assert (running["state"], running["remainingMinutes"]) == ("ON_TRACK", 2400 - 60)
