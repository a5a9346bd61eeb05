"""Closing, what it gives back and ends, and who may (D25, AMB-17, AMB-19)."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from domain.entitlements.model import Entitlement, EntitlementTransaction, TransactionKind
from domain.records.model import AuditEvent
from domain.tickets.model import Ticket
from execution.ids import encode
from tests.schema.asking import (
    AGENT,
    ASSIGN,
    CLOSE,
    CREATE,
    LEAD,
    RESOLVE,
    REVOKE,
    counted,
    done,
    form,
    invited,
    made,
    of,
    problems,
    reply,
    row,
)
from tests.support import factories as make
from tests.support.app import Running
from tests.support.world import World


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
    ticket_id, _ = await incident(client, world)
    refused = await done(await client.as_(AGENT), CLOSE, id=ticket_id, code=code)
    assert [error["code"] for error in refused["userErrors"]] == ["FORBIDDEN"]
    assert made(await done(await client.as_(LEAD), CLOSE, id=ticket_id, code=code))["closureCode"] == code


@pytest.mark.parametrize("code", ["DUPLICATE", "MERGED", "WITHDRAWN"])
async def test_D25_where_nothing_was_drawn_agents_close_as_duplicate_too(
    client: Running, world: World, code: str
) -> None:
    assert made(await done(await client.as_(AGENT), CLOSE, id=of(world), code=code))["closureCode"] == code


async def test_D25_non_decrement_is_for_leads_whatever_was_drawn(client: Running, world: World) -> None:
    refused = await done(await client.as_(AGENT), CLOSE, id=of(world), code="NON_DECREMENT")
    assert [error["code"] for error in refused["userErrors"]] == ["FORBIDDEN"]


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


async def test_spec_5_3_an_agent_ends_the_account_of_a_ticket_that_is_its_own(client: Running, world: World) -> None:
    ticket = made(await invited(await client.as_("owner@alder.example"), world))
    agent, account = await client.as_(AGENT), ticket["temporarySupportAccount"]["id"]
    assert problems(await done(agent, REVOKE, id=account)) == [("FORBIDDEN", "")]
    mine = {"id": ticket["id"], "agent": encode("user", world.platform.agent)}
    assigned = made(await done(await client.as_(LEAD), ASSIGN, **mine))
    assert assigned["viewerCan"]["revokeTemporaryAccount"]
    assert (await done(agent, REVOKE, id=account))["userErrors"] == []


async def test_AMB17_an_account_ends_once(client: Running, world: World) -> None:
    owner = await client.as_("owner@alder.example")
    account = made(await invited(owner, world))["temporarySupportAccount"]["id"]
    assert (await done(owner, REVOKE, id=account))["userErrors"] == []
    assert problems(await done(owner, REVOKE, id=account)) == [("INVALID_TRANSITION", "")]


async def test_closing_is_in_the_log_of_both_sides_with_before_and_after(client: Running, world: World) -> None:
    made(await done(await client.as_(AGENT), CLOSE, id=of(world), code="DECREMENT"))
    async with client.session() as session:
        found = (await session.execute(select(AuditEvent).where(AuditEvent.action == "ticket.close"))).scalars().all()
    assert {event.tenant_id for event in found} == {world.alder.tenant, world.platform.tenant}
    assert {event.before["status"] for event in found if event.before} == {"OPEN"}
    assert {event.after["closure_code"] for event in found if event.after} == {"DECREMENT"}
