"""A ticket's life: replies, resolving, closing, and who may what (C13, C17, D25, AMB-6, AMB-17 to AMB-19, AMB-31)."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from domain.entitlements.model import Entitlement, EntitlementTransaction, TransactionKind
from domain.records.model import AuditEvent
from domain.tenants.model import OrganizationTicketAccess, TenantSecuritySettings
from domain.tickets.model import Ticket
from execution.ids import encode
from tests.schema.asking import (
    ASSIGN,
    CLOSE,
    CREATE,
    REPLY,
    RESOLVE,
    REVOKE,
    counted,
    done,
    form,
    invited,
    made,
    mails,
    problems,
    row,
)
from tests.support import factories as make
from tests.support.app import Client, Running
from tests.support.world import World

AGENT, LEAD = "agent@northstar.example", "lead@northstar.example"


def of(world: World) -> str:
    """The ticket that `user@alder.example` has raised."""
    return encode("ticket", world.alder.ticket)


async def reply(who: Client, ticket_id: str, **more: Any) -> dict[str, Any]:
    return await done(who, REPLY, id=ticket_id, input={"body": "Hello"} | more)


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
    ("access", "allowed"),
    [
        (OrganizationTicketAccess.VIEW_AND_REPLY, []),
        (OrganizationTicketAccess.VIEW, ["FORBIDDEN"]),
        (OrganizationTicketAccess.NONE, ["NOT_FOUND"]),
    ],
)
async def test_C17_AMB6_colleagues_reply_as_the_tenant_has_it(
    client: Running, world: World, access: OrganizationTicketAccess, allowed: list[str]
) -> None:
    async with client.session() as session:
        settings = await session.get(TenantSecuritySettings, world.alder.tenant)
        assert settings is not None
        settings.organization_ticket_access = access
    payload = await reply(await client.as_("colleague@alder.example"), of(world))
    assert [error["code"] for error in payload["userErrors"]] == allowed
    requester = await reply(await client.as_("user@alder.example"), of(world))
    assert requester["userErrors"] == []


async def test_C17_a_cc_recipient_replies_whatever_the_tenant_has(client: Running, world: World) -> None:
    async with client.session() as session:
        settings = await session.get(TenantSecuritySettings, world.alder.tenant)
        assert settings is not None
        settings.organization_ticket_access = OrganizationTicketAccess.NONE
        await make.participant(session, world.alder.tenant, world.alder.ticket, world.alder.colleague)
    made(await reply(await client.as_("colleague@alder.example"), of(world)))


async def test_C17_a_partners_user_who_is_copied_in_after_the_flip_reads_and_replies(
    client: Running, world: World
) -> None:
    async with client.session() as session:
        ticket = await make.ticket(session, world.solstice.tenant, world.solstice.owner, world.catalogue.backup)
        await make.participant(session, world.solstice.tenant, ticket, world.meridian.staff)
    staff = await client.as_("staff@meridian.example")
    payload = await reply(staff, encode("ticket", ticket))
    assert made(payload)["viewerRelation"] == ["CC"]
    assert payload["message"]["authorSide"] == "PARTNER"
    other = await reply(await client.as_("admin@meridian.example"), encode("ticket", ticket))
    assert [error["code"] for error in other["userErrors"]] == ["NOT_FOUND"]


@pytest.mark.parametrize(
    ("who", "codes"),
    [
        ("owner@alder.example", []),
        ("apps@alder.example", []),
        ("admin@meridian.example", []),
        (AGENT, []),
        ("operator@northstar.example", ["FORBIDDEN"]),
        ("owner@lonepine.example", ["NOT_FOUND"]),
    ],
)
async def test_C13_who_replies(client: Running, world: World, who: str, codes: list[str]) -> None:
    before = await counted(client)
    payload = await reply(await client.as_(who), of(world))
    assert [error["code"] for error in payload["userErrors"]] == codes
    if codes:
        assert await counted(client) == before


async def test_C13_a_reply_is_mailed_to_everybody_but_its_author(client: Running, world: World) -> None:
    ticket = made(await invited(await client.as_("owner@alder.example"), world, additionalRecipients=["b@x.example"]))
    made(await reply(await client.as_(AGENT), ticket["id"]))
    made(await reply(await client.as_("owner@alder.example"), ticket["id"]))
    sent = [letter["to"] for letter in await mails(client, "ticket_reply")]
    assert sent == [
        "ada@alder.example",
        "ada@alder.example",
        "b@x.example",
        "b@x.example",
        "owner@alder.example",
    ]


@pytest.mark.parametrize("body", ["", "  \n "])
async def test_C13_an_empty_reply_is_refused(client: Running, world: World, body: str) -> None:
    assert problems(await reply(await client.as_(AGENT), of(world), body=body)) == [("REQUIRED", "body")]


async def test_only_the_vendor_waits_for_answers(client: Running, world: World) -> None:
    refused = await reply(await client.as_("user@alder.example"), of(world), needsAnswer=True)
    assert problems(refused) == [("FORBIDDEN", "needsAnswer")]


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


@pytest.mark.parametrize(
    "who",
    ["owner@alder.example", "user@alder.example", "admin@meridian.example", "operator@northstar.example"],
)
async def test_D25_only_agents_close(client: Running, world: World, who: str) -> None:
    before = await counted(client)
    refused = await done(await client.as_(who), CLOSE, id=of(world), code="DECREMENT")
    assert [error["code"] for error in refused["userErrors"]] == ["FORBIDDEN"]
    assert await counted(client) == before


@pytest.mark.parametrize("code", ["NON_DECREMENT", "DUPLICATE", "MERGED", "WITHDRAWN"])
async def test_D25_crediting_codes_are_for_leads(client: Running, world: World, code: str) -> None:
    refused = await done(await client.as_(AGENT), CLOSE, id=of(world), code=code)
    assert [error["code"] for error in refused["userErrors"]] == ["FORBIDDEN"]
    assert made(await done(await client.as_(LEAD), CLOSE, id=of(world), code=code))["closureCode"] == code


async def test_D25_withdrawn_after_the_first_answer_counts_so_that_an_agent_closes_it(
    client: Running, world: World
) -> None:
    agent = await client.as_(AGENT)
    made(await reply(agent, of(world)))
    assert made(await done(agent, CLOSE, id=of(world), code="WITHDRAWN"))["status"] == "CLOSED"


async def incident(client: Running, world: World) -> tuple[str, Any]:
    """A ticket that has drawn one of two incidents, and the balance."""
    async with client.session() as session:
        contract, balance = await make.contract(session, world.alder.tenant, incidents=2)
        await make.link(session, world.alder.tenant, world.alder.owner, contract, world.catalogue.contract_channel)
        await make.subscription(session, world.alder.tenant, world.catalogue.premium)
    given = form(
        world,
        kind="INCIDENT",
        serviceId=encode("service", world.catalogue.premium),
        paymentOption="EXISTING_CONTRACT",
        supportContractId=encode("contract", contract),
    )
    del given["issueType"]
    ticket = made(await done(await client.as_("owner@alder.example"), CREATE, input=given))
    return ticket["id"], balance


async def available(client: Running, balance: Any) -> int:
    async with client.session() as session:
        found = await session.get(Entitlement, balance)
        assert found is not None
        return int(found.available)


async def credited(client: Running) -> int:
    async with client.session() as session:
        kind = EntitlementTransaction.kind == TransactionKind.CREDIT
        return len((await session.execute(select(EntitlementTransaction.id).where(kind))).all())


async def test_D25_non_decrement_gives_the_incident_back(client: Running, world: World) -> None:
    ticket_id, balance = await incident(client, world)
    assert await available(client, balance) == 1
    closed = made(await done(await client.as_(LEAD), CLOSE, id=ticket_id, code="NON_DECREMENT"))
    assert closed["entitlementUse"]["credited"] is True
    assert (await available(client, balance), await credited(client)) == (2, 1)


async def test_D25_decrement_does_not(client: Running, world: World) -> None:
    ticket_id, balance = await incident(client, world)
    closed = made(await done(await client.as_(AGENT), CLOSE, id=ticket_id, code="DECREMENT"))
    assert closed["entitlementUse"]["credited"] is False
    assert (await available(client, balance), await credited(client)) == (1, 0)


async def test_D25_eight_closes_at_once_give_back_once(client: Running, world: World) -> None:
    ticket_id, balance = await incident(client, world)
    lead = await client.as_(LEAD)
    payloads = await asyncio.gather(*(done(lead, CLOSE, id=ticket_id, code="NON_DECREMENT") for _ in range(8)))
    codes = sorted(error["code"] for payload in payloads for error in payload["userErrors"])
    assert codes == ["INVALID_TRANSITION"] * 7
    assert (await available(client, balance), await credited(client)) == (2, 1)


async def test_D25_a_retried_close_gives_back_once(client: Running, world: World) -> None:
    ticket_id, balance = await incident(client, world)
    lead = await client.as_(LEAD)
    payloads = await asyncio.gather(
        *(done(lead, CLOSE, id=ticket_id, code="NON_DECREMENT", key="once") for _ in range(4))
    )
    assert [payload["userErrors"] for payload in payloads] == [[]] * 4
    assert (await available(client, balance), await credited(client)) == (2, 1)


async def test_a_stale_version_is_a_conflict_and_changes_nothing(client: Running, world: World) -> None:
    agent, version = await client.as_(AGENT), (await row(client, Ticket, of(world))).version
    made(await reply(agent, of(world)))
    refused = await done(agent, CLOSE, id=of(world), code="DECREMENT", version=version)
    assert problems(refused) == [("CONFLICT", "expectedVersion")]
    assert refused["userErrors"][0]["currentVersion"] == version + 1
    assert (await row(client, Ticket, of(world))).status.value == "OPEN"
    made(await done(agent, CLOSE, id=of(world), code="DECREMENT", version=version + 1))


async def test_AMB19_closing_ends_the_temporary_account(client: Running, world: World) -> None:
    ticket = made(await invited(await client.as_("owner@alder.example"), world))
    closed = made(await done(await client.as_(AGENT), CLOSE, id=ticket["id"], code="DECREMENT"))
    assert closed["temporarySupportAccount"]["status"] == "REVOKED"


async def test_AMB19_resolving_does_not(client: Running, world: World) -> None:
    ticket = made(await invited(await client.as_("owner@alder.example"), world))
    resolved = made(await done(await client.as_(AGENT), RESOLVE, id=ticket["id"]))
    assert resolved["temporarySupportAccount"]["status"] == "ACTIVE"


@pytest.mark.parametrize(
    ("who", "codes"),
    [
        ("owner@alder.example", []),
        ("service@alder.example", []),
        ("custom@alder.example", []),
        (LEAD, []),
        ("apps@alder.example", ["FORBIDDEN"]),
        ("user@alder.example", ["FORBIDDEN"]),
        ("admin@meridian.example", ["FORBIDDEN"]),
        (AGENT, ["FORBIDDEN"]),
        ("owner@lonepine.example", ["NOT_FOUND"]),
    ],
)
async def test_AMB17_who_ends_a_temporary_account(client: Running, world: World, who: str, codes: list[str]) -> None:
    ticket = made(await invited(await client.as_("owner@alder.example"), world))
    payload = await done(await client.as_(who), REVOKE, id=ticket["temporarySupportAccount"]["id"])
    assert [error["code"] for error in payload["userErrors"]] == codes
    if not codes:
        assert payload["temporarySupportAccount"]["status"] == "REVOKED"


async def test_AMB17_an_account_ends_once(client: Running, world: World) -> None:
    owner = await client.as_("owner@alder.example")
    account = made(await invited(owner, world))["temporarySupportAccount"]["id"]
    assert (await done(owner, REVOKE, id=account))["userErrors"] == []
    assert problems(await done(owner, REVOKE, id=account)) == [("INVALID_TRANSITION", "")]


async def test_E14_a_ticket_is_given_to_an_agent_and_back(client: Running, world: World) -> None:
    lead = await client.as_(LEAD)
    given = made(await done(lead, ASSIGN, id=of(world), agent=encode("user", world.platform.agent)))
    assert given["assignee"] == {"name": "Agent Northstar"}
    assert made(await done(lead, ASSIGN, id=of(world), agent=None))["assignee"] is None


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


async def test_closing_is_in_the_log_of_both_sides_with_before_and_after(client: Running, world: World) -> None:
    made(await done(await client.as_(AGENT), CLOSE, id=of(world), code="DECREMENT"))
    async with client.session() as session:
        found = (await session.execute(select(AuditEvent).where(AuditEvent.action == "ticket.close"))).scalars().all()
    assert {event.tenant_id for event in found} == {world.alder.tenant, world.platform.tenant}
    assert {event.before["status"] for event in found if event.before} == {"OPEN"}
    assert {event.after["closure_code"] for event in found if event.after} == {"DECREMENT"}
