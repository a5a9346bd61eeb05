"""Ordinary requests and incidents (C6, AMB-2, AMB-7, D7, D15, D20, D21, D23, D24, D29, D35)."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from domain.entitlements.model import Entitlement, EntitlementTransaction
from domain.tickets.model import Ticket
from execution.ids import encode
from tests.schema.asking import CREATE, counted, done, form, key, made, mails, problems, row
from tests.support import factories as make
from tests.support.app import Client, Running
from tests.support.world import World


def request(world: World, **changes: Any) -> dict[str, Any]:
    """An ordinary request that nothing is wrong with."""
    given = form(world)
    for name in ("issueType", "tenantId", "severity", "contact"):
        del given[name]
    return given | changes


async def create(who: Client, world: World, **changes: Any) -> dict[str, Any]:
    return await done(who, CREATE, input=request(world, **changes))


async def contract(
    client: Running, world: World, incidents: int = 2, linked_by: UUID | None = None
) -> tuple[str, UUID]:
    """A contract that Alder's owner has linked, and its balance; the premium service is subscribed to."""
    async with client.session() as session:
        made_contract, balance = await make.contract(session, world.alder.tenant, incidents=2)
        user, channel = world.alder.owner, world.catalogue.contract_channel
        await make.link(session, world.alder.tenant, user, made_contract, channel)
        await make.subscription(session, world.alder.tenant, world.catalogue.premium)
    return encode("contract", made_contract), balance


def incident(world: World, contract_id: str | None, **changes: Any) -> dict[str, Any]:
    """What makes a request an incident that draws on a contract."""
    given = {
        "kind": "INCIDENT",
        "severity": 5,
        "serviceId": encode("service", world.catalogue.premium),
        "paymentOption": "EXISTING_CONTRACT",
        "supportContractId": contract_id,
    }
    return given | changes


async def available(client: Running, balance: UUID) -> int:
    async with client.session() as session:
        found = await session.get(Entitlement, balance)
        assert found is not None
        return int(found.available)


@pytest.mark.parametrize("who", ["owner", "service", "custom", "apps", "user", "colleague"])
async def test_C6_AMB2_every_active_user_of_a_tenant_asks(client: Running, world: World, who: str) -> None:
    ticket = made(await create(await client.as_(f"{who}@alder.example"), world))
    assert (ticket["origin"], ticket["kind"], ticket["temporarySupportAccount"]) == ("PORTAL", "ADVISORY", None)
    assert (ticket["severity"], ticket["responseTarget"]) == (None, None)


@pytest.mark.parametrize("who", ["agent", "lead", "operator"])
async def test_AMB2_the_vendors_staff_does_not(client: Running, world: World, who: str) -> None:
    before = await counted(client)
    refused = await create(await client.as_(f"{who}@northstar.example"), world)
    assert [error["code"] for error in refused["userErrors"]] == ["FORBIDDEN"]
    assert await counted(client) == before


async def test_D21_the_contact_is_the_viewer_unless_another_is_given(client: Running, world: World) -> None:
    user = await client.as_("user@alder.example")
    ticket = made(await create(user, world))
    assert ticket["contact"] == {"name": "User Alder", "email": "user@alder.example", "phone": None}
    other = made(await create(user, world, contact={"name": "Ada", "email": "ada@alder.example"}))
    assert other["contact"]["email"] == "ada@alder.example"


async def test_A2_an_application_administrator_asks_for_its_services_alone(client: Running, world: World) -> None:
    archive = encode("service", world.catalogue.archive)
    refused = await create(await client.as_("apps@alder.example"), world, serviceId=archive)
    assert problems(refused) == [("NOT_FOUND", "serviceId")]


async def test_AMB7_E18_a_partners_user_asks_on_behalf_of_a_customer(client: Running, world: World) -> None:
    staff = await client.as_("staff@meridian.example")
    ticket = made(await create(staff, world, tenantId=encode("tenant", world.alder.tenant)))
    assert (ticket["origin"], ticket["requester"]["side"]) == ("ON_BEHALF", "PARTNER")
    solstice = encode("tenant", world.solstice.tenant)
    assert problems(await create(staff, world, tenantId=solstice)) == [("ACCESS_DISABLED", "tenantId")]
    stranger = await create(staff, world, tenantId=encode("tenant", world.lone_pine.tenant))
    assert [error["code"] for error in stranger["userErrors"]] == ["NOT_FOUND"]


async def test_E19_E20_a_partners_request_for_itself_is_its_own(client: Running, world: World) -> None:
    async with client.session() as session:
        await make.subscription(session, world.meridian.tenant, world.catalogue.backup)
    ticket = made(await create(await client.as_("staff@meridian.example"), world))
    stored = await row(client, Ticket, ticket["id"])
    assert (stored.origin.value, stored.visibility.value) == ("PARTNER_REQUEST", "REQUESTER_ONLY")


async def test_D23_D24_an_incident_draws_one_and_says_number_severity_and_response_time(
    client: Running, world: World
) -> None:
    contract_id, balance = await contract(client, world)
    ticket = made(await create(await client.as_("owner@alder.example"), world, **incident(world, contract_id)))
    assert await available(client, balance) == 1
    use = ticket["entitlementUse"]
    assert (use["quantity"], use["credited"]) == ("1.00", False)
    assert (use["contract"]["id"], use["entitlement"]["id"]) == (contract_id, encode("entitlement", balance))
    assert ticket["responseTarget"]["minutes"] == 120
    assert ticket["responseTarget"]["clock"] == "CALENDAR"
    (letter,) = await mails(client, "ticket_created")
    assert (letter["number"], letter["severity"], letter["response_minutes"]) == (ticket["number"], 5, 120)
    async with client.session() as session:
        debits = (await session.execute(select(EntitlementTransaction.ticket_id))).scalars().all()
    assert debits == [key(ticket["id"])]


async def test_D23_eight_at_once_for_two_incidents_make_two_tickets(client: Running, world: World) -> None:
    contract_id, balance = await contract(client, world)
    owner = await client.as_("owner@alder.example")
    before = (await counted(client))["Ticket"]
    payloads = await asyncio.gather(*(create(owner, world, **incident(world, contract_id)) for _ in range(8)))
    codes = [error["code"] for payload in payloads for error in payload["userErrors"]]
    assert codes == ["NO_AVAILABLE_INCIDENTS"] * 6
    assert ((await counted(client))["Ticket"] - before, await available(client, balance)) == (2, 0)


async def test_D15_AMB27_a_contract_is_never_chosen_for_the_requester(client: Running, world: World) -> None:
    contract_id, balance = await contract(client, world)
    before = await counted(client)
    refused = await create(await client.as_("owner@alder.example"), world, **incident(world, None))
    assert problems(refused) == [("SUPPORT_CONTRACT_REQUIRED", "supportContractId")]
    assert refused["userErrors"][0]["eligible"] == [contract_id]
    assert (await counted(client), await available(client, balance)) == (before, 2)


async def test_D15_an_incident_needs_a_payment_option_and_a_severity(client: Running, world: World) -> None:
    contract_id, _ = await contract(client, world)
    owner = await client.as_("owner@alder.example")
    unpaid = incident(world, contract_id, paymentOption=None)
    assert problems(await create(owner, world, **unpaid)) == [("REQUIRED", "paymentOption")]
    vague = incident(world, contract_id, severity=None)
    assert problems(await create(owner, world, **vague)) == [("REQUIRED", "severity")]


async def test_D15_what_is_to_pay_is_told_with_all_other_errors(client: Running, world: World) -> None:
    owner, nothing = await client.as_("owner@alder.example"), {"summary": " ", "severity": None, "paymentOption": None}
    contract_id, _ = await contract(client, world)
    refused = await create(owner, world, **incident(world, None, **nothing))
    fields = [("REQUIRED", field) for field in ("paymentOption", "severity", "summary")]
    assert problems(refused) == [*fields, ("SUPPORT_CONTRACT_REQUIRED", "supportContractId")]
    assert [error["eligible"] for error in refused["userErrors"] if "eligible" in error] == [[contract_id]]
    assert problems(await create(owner, world, **incident(world, contract_id, **nothing))) == fields


async def test_D23_somebody_elses_contract_is_not_found(client: Running, world: World) -> None:
    contract_id, balance = await contract(client, world)
    refused = await create(await client.as_("user@alder.example"), world, **incident(world, contract_id))
    assert problems(refused) == [("NOT_FOUND", "supportContractId")]
    assert await available(client, balance) == 2


async def test_D29_a_channel_without_contracts_takes_none(client: Running, world: World) -> None:
    contract_id, balance = await contract(client, world)
    owner, backup = await client.as_("owner@alder.example"), encode("service", world.catalogue.backup)
    free = made(await create(owner, world, **incident(world, None, serviceId=backup, paymentOption=None)))
    assert free["entitlementUse"] is None
    refused = await create(owner, world, **incident(world, contract_id, serviceId=backup))
    assert problems(refused) == [("CONTRACT_NOT_APPLICABLE", "supportContractId")]
    assert await available(client, balance) == 2


@pytest.mark.parametrize("kind", ["ADVISORY", "PROGRAM"])
async def test_D35_only_incidents_draw_on_a_contract(client: Running, world: World, kind: str) -> None:
    contract_id, balance = await contract(client, world)
    refused = await create(await client.as_("owner@alder.example"), world, **incident(world, contract_id, kind=kind))
    assert problems(refused) == [("CONTRACT_NOT_APPLICABLE", "supportContractId")]
    assert await available(client, balance) == 2


async def test_D23_a_retry_with_the_same_key_draws_once(client: Running, world: World) -> None:
    contract_id, balance = await contract(client, world)
    owner = await client.as_("owner@alder.example")
    given = incident(world, contract_id, idempotencyKey="once")
    payloads = await asyncio.gather(*(create(owner, world, **given) for _ in range(4)))
    assert len({made(payload)["id"] for payload in payloads}) == 1
    assert await available(client, balance) == 1
