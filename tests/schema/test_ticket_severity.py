"""How bad a ticket is, and what is promised for it: shown at once, and kept over changes (spec 7, A8, D24)."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from domain.records.model import AuditEvent, OutboxEvent
from domain.support.clock import SlaClock
from domain.support.model import SlaTarget
from domain.tickets.model import Ticket
from execution.ids import encode
from tests.schema.asking import (
    AGENT,
    CLOSE,
    CREATE,
    ERRORS,
    LEAD,
    done,
    form,
    invited,
    key,
    made,
    of,
    problems,
    reply,
    row,
)
from tests.support import factories as make
from tests.support.app import Client, Running
from tests.support.world import World

TARGET = "minutes clock dueAt state remainingMinutes atRiskAt breachedAt"
CLOCKS = f"severity severityLabel version createdAt responseTarget {{ {TARGET} }} resolutionTarget {{ {TARGET} }}"
SET = f"""mutation Set($id: ID!, $severity: Int!, $version: Int, $key: String) {{
  ticketSeveritySet(
    ticketId: $id, expectedVersion: $version, input: {{severity: $severity, idempotencyKey: $key}}
  ) {{ ticket {{ {CLOCKS} viewerCan {{ setSeverity }} }} {ERRORS} }}
}}"""
READ = f"query($id: ID!) {{ ticket(id: $id) {{ {CLOCKS} }} }}"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


async def read(who: Client, ticket_id: str) -> dict[str, Any]:
    ticket: dict[str, Any] = (await who.query(READ, id=ticket_id)).data["ticket"]
    return ticket


async def raised(client: Running, world: World, severity: int = 3) -> str:
    """A ticket of Alder's owner: 480 minutes for an answer, 4,800 for the solution."""
    who = await client.as_("owner@alder.example")
    return str(made(await invited(who, world, severity=severity))["id"])


async def waited(client: Running, ticket_id: str) -> None:
    """After an hour the vendor asks, and waits for ten."""
    client.clock.advance(minutes=60)
    made(await reply(await client.as_(AGENT), ticket_id, needsAnswer=True))
    client.clock.advance(minutes=600)


async def test_A8_D24_severity_and_both_targets_are_shown_as_the_ticket_is_raised(
    client: Running, world: World
) -> None:
    document = f"""mutation($input: SupportInviteNewIssueInput!) {{
      supportInviteNewIssue(input: $input) {{ ticket {{ {CLOCKS} }} userErrors {{ code }} }}
    }}"""
    who = await client.as_("owner@alder.example")
    ticket = made(await done(who, document, input=form(world, severity=5)))
    begins = at(ticket["createdAt"])
    assert (ticket["severity"], ticket["severityLabel"]) == (5, "Critical")
    assert {name: ticket["responseTarget"][name] for name in ("minutes", "clock", "state", "remainingMinutes")} == {
        "minutes": 120,
        "clock": "CALENDAR",
        "state": "ON_TRACK",
        "remainingMinutes": 120,
    }
    assert at(ticket["responseTarget"]["dueAt"]) == begins + timedelta(minutes=120)
    assert at(ticket["resolutionTarget"]["dueAt"]) == begins + timedelta(minutes=1200)


async def test_SLA_a_target_warns_before_it_is_missed(client: Running, world: World) -> None:
    ticket_id = await raised(client, world, severity=5)
    who = await client.as_("owner@alder.example")
    ticket = await read(who, ticket_id)
    warned, due = ticket["responseTarget"]["atRiskAt"], ticket["responseTarget"]["dueAt"]
    assert at(warned) == at(ticket["createdAt"]) + timedelta(minutes=90)
    seen = []
    for minutes in (89, 1, 30, 1):
        client.clock.advance(minutes=minutes)
        target = (await read(await client.as_("owner@alder.example"), ticket_id))["responseTarget"]
        seen.append((target["state"], target["remainingMinutes"], target["breachedAt"]))
    assert seen == [("ON_TRACK", 31, None), ("AT_RISK", 30, None), ("AT_RISK", 0, None), ("BREACHED", -1, due)]


async def test_SLA_what_was_answered_in_time_stays_met_and_warns_no_more(client: Running, world: World) -> None:
    ticket_id = await raised(client, world)
    client.clock.advance(minutes=60)
    made(await reply(await client.as_(AGENT), ticket_id))
    client.clock.advance(days=3)
    target = (await read(await client.as_("owner@alder.example"), ticket_id))["responseTarget"]
    assert (target["state"], target["remainingMinutes"]) == ("MET", 420)
    assert (target["atRiskAt"], target["breachedAt"]) == (None, None)


async def test_SLA_another_severity_counts_from_the_beginning(client: Running, world: World) -> None:
    ticket_id = await raised(client, world)
    client.clock.advance(minutes=100)
    ticket = made(await done(await client.as_(AGENT), SET, id=ticket_id, severity=5))
    begins = at(ticket["createdAt"])
    assert (ticket["severity"], ticket["severityLabel"]) == (5, "Critical")
    response, resolution = ticket["responseTarget"], ticket["resolutionTarget"]
    assert (response["minutes"], response["clock"], response["remainingMinutes"]) == (120, "CALENDAR", 20)
    assert response["state"] == "AT_RISK"
    assert at(response["dueAt"]) == begins + timedelta(minutes=120)
    assert at(resolution["dueAt"]) == begins + timedelta(minutes=1200)


async def test_SLA_another_severity_keeps_the_time_that_the_vendor_has_waited(client: Running, world: World) -> None:
    ticket_id = await raised(client, world)
    await waited(client, ticket_id)
    made(await reply(await client.as_("owner@alder.example"), ticket_id))
    ticket = made(await done(await client.as_(AGENT), SET, id=ticket_id, severity=5))
    assert at(ticket["resolutionTarget"]["dueAt"]) == at(ticket["createdAt"]) + timedelta(minutes=1200 + 600)
    assert ticket["resolutionTarget"]["remainingMinutes"] == 1200 - 60
    assert ticket["responseTarget"]["minutes"] == 480


async def test_SLA_another_severity_does_not_end_a_pause(client: Running, world: World) -> None:
    ticket_id = await raised(client, world)
    await waited(client, ticket_id)
    target = made(await done(await client.as_(AGENT), SET, id=ticket_id, severity=4))["resolutionTarget"]
    assert (target["state"], target["remainingMinutes"], target["atRiskAt"]) == ("PAUSED", 2400 - 60, None)


async def test_SLA_a_ticket_without_a_severity_gets_its_targets_with_one(client: Running, world: World) -> None:
    who = await client.as_("owner@alder.example")
    given = form(world, severity=None, kind="ADVISORY")
    del given["issueType"]
    ticket = made(await done(who, CREATE, input=given))
    assert ticket["responseTarget"] is None
    client.clock.advance(minutes=30)
    rated = made(await done(await client.as_(AGENT), SET, id=ticket["id"], severity=3))
    assert rated["responseTarget"]["remainingMinutes"] == 480 - 30
    assert (await row(client, Ticket, ticket["id"])).version == 2


async def test_SLA_the_same_severity_changes_nothing(client: Running, world: World) -> None:
    ticket_id = await raised(client, world)
    before = await row(client, Ticket, ticket_id)
    made(await done(await client.as_(AGENT), SET, id=ticket_id, severity=3))
    after = await row(client, Ticket, ticket_id)
    assert (after.version, after.last_public_activity_at) == (before.version, before.last_public_activity_at)


async def test_SLA_a_policy_that_changes_leaves_what_was_promised(client: Running, world: World) -> None:
    ticket_id = await raised(client, world)
    async with client.session() as session:
        target = (await session.execute(select(SlaTarget).where(SlaTarget.severity == 3))).scalar_one()
        await make.change(session, SlaTarget, target.id, response_minutes=240)
    who = await client.as_("owner@alder.example")
    assert (await read(who, ticket_id))["responseTarget"]["minutes"] == 480
    later = await raised(client, world)
    assert (await read(who, later))["responseTarget"]["minutes"] == 240
    versions = [(await row(client, Ticket, each)).sla_policy_version for each in (ticket_id, later)]
    assert versions == [1, 2]


async def test_SLA_a_plan_has_targets_of_its_own_and_keeps_them(client: Running, world: World) -> None:
    who = await client.as_("owner@alder.example")
    clock = SlaClock.CALENDAR
    async with client.session() as session:
        policy = await make.policy(session, {4: (30, 60, clock), 5: (15, 45, clock)}, "Gold 20Pack")
        contract, _ = await make.contract(session, world.alder.tenant)
        await make.link(session, world.alder.tenant, world.alder.owner, contract, world.catalogue.contract_channel)
        await make.subscription(session, world.alder.tenant, world.catalogue.premium)
    given = form(world, severity=4, kind="INCIDENT", paymentOption="EXISTING_CONTRACT")
    given |= {"serviceId": encode("service", world.catalogue.premium)}
    given |= {"supportContractId": encode("contract", contract)}
    del given["issueType"]
    ticket = made(await done(who, CREATE, input=given))
    assert ticket["responseTarget"]["minutes"] == 30
    assert (await row(client, Ticket, ticket["id"])).sla_policy_id == policy
    rated = made(await done(await client.as_(AGENT), SET, id=ticket["id"], severity=5))
    assert (rated["responseTarget"]["minutes"], rated["resolutionTarget"]["minutes"]) == (15, 45)
    everybodys = made(await done(await client.as_(AGENT), SET, id=ticket["id"], severity=3))
    assert everybodys["responseTarget"]["minutes"] == 480


@pytest.mark.parametrize("severity", [0, 6, -1, 2**31 - 1])
async def test_A8_only_severities_of_the_scale(client: Running, world: World, severity: int) -> None:
    refused = await done(await client.as_(AGENT), SET, id=of(world), severity=severity)
    assert (refused["ticket"], problems(refused)) == (None, [("OUT_OF_RANGE", "severity")])
    assert (await row(client, Ticket, of(world))).severity == 3


async def test_a_closed_ticket_keeps_its_severity(client: Running, world: World) -> None:
    lead = await client.as_(LEAD)
    made(await done(lead, CLOSE, id=of(world), code="DECREMENT"))
    assert problems(await done(lead, SET, id=of(world), severity=5)) == [("TICKET_CLOSED", "")]
    assert (await row(client, Ticket, of(world))).severity == 3


async def test_a_concurrent_change_is_noticed(client: Running, world: World) -> None:
    agent = await client.as_(AGENT)
    made(await done(agent, SET, id=of(world), severity=4, version=1))
    late = await done(await client.as_(LEAD), SET, id=of(world), severity=5, version=1)
    assert [(error["code"], error["currentVersion"]) for error in late["userErrors"]] == [("CONFLICT", 2)]
    assert (await row(client, Ticket, of(world))).severity == 4


async def test_a_retry_with_its_key_changes_nothing_more(client: Running, world: World) -> None:
    agent = await client.as_(AGENT)
    first = await done(agent, SET, id=of(world), severity=5, key="once")
    again = await done(agent, SET, id=of(world), severity=5, key="once")
    assert again == first
    assert len(await noted(client, AuditEvent.action == "ticket.severity_set")) == 2  # of the vendor and the customer


async def test_a_change_is_in_both_logs_and_told_to_the_vendor(client: Running, world: World) -> None:
    made(await done(await client.as_(AGENT), SET, id=of(world), severity=5))
    events = await noted(client, AuditEvent.action == "ticket.severity_set")
    assert {event.tenant_id for event in events} == {world.alder.tenant, world.platform.tenant}
    assert [event.before for event in events] == [{"severity": 3}] * 2
    assert {event.after["severity"] for event in events if event.after} == {5}
    assert {event.actor_user_id for event in events} == {world.platform.agent}
    async with client.session() as session:
        told = select(OutboxEvent.payload).where(OutboxEvent.topic == "ticket.severity_set")
        (payload,) = (await session.execute(told)).scalars().all()
    assert (payload["ticket_id"], payload["before"], payload["severity"]) == (str(key(of(world))), 3, 5)


async def noted(client: Running, condition: Any) -> list[AuditEvent]:
    async with client.session() as session:
        return list((await session.execute(select(AuditEvent).where(condition))).scalars().all())


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("owner@alder.example", "FORBIDDEN"),
        ("user@alder.example", "FORBIDDEN"),
        ("admin@meridian.example", "FORBIDDEN"),
        ("operator@northstar.example", "FORBIDDEN"),
        ("owner@lonepine.example", "FORBIDDEN"),
    ],
)
async def test_only_the_vendor_says_how_bad_it_is(client: Running, world: World, who: str, code: str) -> None:
    refused = await done(await client.as_(who), SET, id=of(world), severity=5)
    assert [error["code"] for error in refused["userErrors"]] == [code]
    assert (await row(client, Ticket, of(world))).severity == 3


async def test_C17_clients_know_who_may_say_how_bad_it_is(client: Running, world: World) -> None:
    document = "query($id: ID!) { ticket(id: $id) { viewerCan { setSeverity } } }"
    seen = {}
    for who in (AGENT, "owner@alder.example", "admin@meridian.example"):
        answer = await (await client.as_(who)).query(document, id=of(world))
        seen[who] = answer.data["ticket"]["viewerCan"]["setSeverity"]
    assert seen == {AGENT: True, "owner@alder.example": False, "admin@meridian.example": False}
