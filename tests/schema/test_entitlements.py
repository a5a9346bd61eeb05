"""Entitlements and support contracts, as clients see them."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from domain.base import new_id
from domain.entitlements.model import ContractStatus, Program
from domain.services.model import ServiceFamily
from execution.ids import encode
from tests.support import factories as make
from tests.support.app import Running
from tests.support.world import World

LIST = """query ($filter: EntitlementFilter) { entitlements(first: 100, filter: $filter) {
  nodes { id unit total available used status contract { displayName } } totalCount } }"""
CONTRACT = """query ($id: ID!) { supportContract(id: $id) {
  accessId displayName label status eligibility { family service { name } }
  entitlements(first: 5) { nodes { available } totalCount } } }"""
LEDGER = """query ($id: ID!) { entitlement(id: $id) {
  transactions(first: 10) { nodes { kind quantity reason } totalCount } } }"""
ELIGIBLE = """query ($service: ID!, $channel: ID) { eligibleSupportContracts(serviceId: $service, channelId: $channel) {
  displayName } }"""
ADJUST = """mutation ($id: ID!, $quantity: Decimal!, $reason: String!, $key: String) {
  entitlementAdjust(entitlementId: $id, input: {quantity: $quantity, reason: $reason, idempotencyKey: $key}) {
    entitlement { total available used } userErrors { code field } } }"""


async def contract(client: Running, world: World, **values: Any) -> tuple[UUID, UUID]:
    """A contract of Alder & Finch that `user@alder.example` has linked."""
    async with client.session() as session:
        key, balance = await make.contract(session, world.alder.tenant, **values)
        await make.link(session, world.alder.tenant, world.alder.user, key, world.catalogue.contract_channel)
    return key, balance


async def listed(client: Running, who: str, **given: Any) -> Any:
    answer = await (await client.as_(who)).query(LIST, filter=given or None)
    found = answer.data["entitlements"]
    assert found["totalCount"] == len(found["nodes"])
    return found["nodes"]


async def test_D2_a_balance_says_what_is_left_of_what(client: Running, world: World) -> None:
    _, balance = await contract(client, world, access_id="0230242323")
    async with client.session() as session:
        for _ in range(7):
            await make.debit(session, world.alder.tenant, balance, new_id())
    assert await listed(client, "user@alder.example") == [
        {
            "id": encode("entitlement", balance),
            "unit": "INCIDENT",
            "total": "20.00",
            "available": "13.00",
            "used": "7.00",
            "status": "ACTIVE",
            "contract": {"displayName": "0230242323 - Gold 20Pack"},
        }
    ]


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({}, "ACTIVE"),
        ({"incidents": 0}, "EXHAUSTED"),
        (make.validity(400), "EXPIRED"),
        (make.validity(-3), "PENDING_ACTIVATION"),
        ({"status": ContractStatus.REVOKED}, "REVOKED"),
        ({"status": ContractStatus.REVOKED, **make.validity(400)}, "REVOKED"),
        ({"incidents": 0, **make.validity(400)}, "EXPIRED"),
    ],
)
async def test_D3_the_status_follows_from_time_and_balance(
    client: Running, world: World, values: dict[str, Any], status: str
) -> None:
    key, _ = await contract(client, world, **values)
    user = await client.as_("user@alder.example")
    found = (await user.query(CONTRACT, id=encode("contract", key))).data["supportContract"]
    assert [balance["status"] for balance in await listed(client, "user@alder.example")] == [status]
    assert found["status"] == status
    usable = await listed(client, "user@alder.example", usable=True)
    assert len(usable) == (1 if status == "ACTIVE" else 0)
    assert len(await listed(client, "user@alder.example", usable=False)) == 1 - len(usable)


async def test_D36_balances_are_listed_by_their_unit(client: Running, world: World) -> None:
    await contract(client, world)
    assert len(await listed(client, "user@alder.example", unit="INCIDENT")) == 1
    assert await listed(client, "user@alder.example", unit="HOUR") == []


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("user@alder.example", True),  # who linked it
        ("owner@alder.example", True),  # manages contracts of the holder
        ("service@alder.example", True),
        ("agent@northstar.example", True),
        ("colleague@alder.example", False),
        ("apps@alder.example", False),
        ("custom@alder.example", False),
        ("admin@meridian.example", False),  # by link, not by relationship (spec 4.4)
        ("owner@lonepine.example", False),
    ],
)
async def test_D5_a_contract_is_seen_by_who_linked_and_who_manages_it(
    client: Running, world: World, who: str, seen: bool
) -> None:
    key, balance = await contract(client, world)
    somebody = await client.as_(who)
    answer = await somebody.query(CONTRACT, id=encode("contract", key))
    assert answer.codes == ([] if seen else ["NOT_FOUND"])
    assert [found["id"] for found in await listed(client, who)] == ([encode("entitlement", balance)] if seen else [])


async def test_spec_4_4_partners_see_what_a_colleague_linked_within_a_customer(client: Running, world: World) -> None:
    key, balance = await contract(client, world)
    async with client.session() as session:
        channel = world.catalogue.contract_channel
        await make.link(session, world.meridian.tenant, world.meridian.admin, key, channel)
    found = await listed(client, "staff@meridian.example")
    assert [row["id"] for row in found] == [encode("entitlement", balance)]


async def test_D18_D32_a_contract_is_named_with_and_without_its_plan(client: Running, world: World) -> None:
    begins = datetime.now(UTC) - timedelta(days=1)
    values = {"valid_from": begins, "program": Program.SCS, "partner_number": "4648141", "access_id": "003712345"}
    key, _ = await contract(client, world, **values)
    answer = await (await client.as_("user@alder.example")).query(CONTRACT, id=encode("contract", key))
    assert answer.data["supportContract"] == {
        "accessId": "003712345",
        "displayName": "003712345 - Gold 20Pack",
        "label": f"{begins.year % 100:02d} SCS - 4648141 - unk (0037xxxxx)",
        "status": "ACTIVE",
        "eligibility": [{"family": "CLOUD", "service": None}],
        "entitlements": {"nodes": [{"available": "20.00"}], "totalCount": 1},
    }


async def test_AMB29_nothing_in_the_schema_returns_the_contract_id(client: Running, world: World) -> None:
    answer = await (await client.as_("owner@alder.example")).query(
        '{ __type(name: "SupportContract") { fields { name } } }'
    )
    names = {field["name"] for field in answer.data["__type"]["fields"]}
    assert not {name for name in names if "contractid" in name.lower()}


async def eligible(client: Running, world: World, service: UUID, channel: UUID | None = None) -> list[str]:
    given = {"service": encode("service", service), "channel": encode("channel", channel) if channel else None}
    answer = await (await client.as_("user@alder.example")).query(ELIGIBLE, **given)
    return [found["displayName"] for found in answer.data["eligibleSupportContracts"]]


@pytest.mark.parametrize(
    "values",
    [
        {"incidents": 0},
        make.validity(400),
        {"status": ContractStatus.REVOKED},
        {"family": ServiceFamily.ON_PREMISES},
    ],
)
async def test_D17_what_cannot_pay_is_not_shown(client: Running, world: World, values: dict[str, Any]) -> None:
    await contract(client, world, access_id="01")
    await contract(client, world, access_id="02", **values)
    assert await eligible(client, world, world.catalogue.premium) == ["01 - Gold 20Pack"]


async def test_D29_nothing_pays_where_no_contract_is_used(client: Running, world: World) -> None:
    await contract(client, world)
    assert await eligible(client, world, world.catalogue.backup) == []


async def test_D11_nothing_pays_through_another_channel(client: Running, world: World) -> None:
    await contract(client, world)
    assert await eligible(client, world, world.catalogue.premium, world.catalogue.channel) == []


async def test_D17_an_unknown_service_is_not_found(client: Running, world: World) -> None:
    answer = await (await client.as_("user@alder.example")).query(ELIGIBLE, service="service_1")
    assert answer.codes == ["NOT_FOUND"]


async def adjust(client: Running, who: str, balance: UUID, quantity: str, reason: str = "Goodwill") -> Any:
    somebody = await client.as_(who)
    given = {"id": encode("entitlement", balance), "quantity": quantity, "reason": reason}
    return (await somebody.query(ADJUST, **given)).data["entitlementAdjust"]


@pytest.mark.parametrize(("quantity", "total"), [("3", "23.00"), ("-5", "15.00"), ("-20", "0.00")])
async def test_spec_6_a_lead_corrects_a_balance(client: Running, world: World, quantity: str, total: str) -> None:
    _, balance = await contract(client, world)
    payload = await adjust(client, "lead@northstar.example", balance, quantity)
    assert payload == {
        "entitlement": {"total": total, "available": total, "used": "0.00"},
        "userErrors": [],
    }
    answer = await (await client.as_("owner@alder.example")).query(LEDGER, id=encode("entitlement", balance))
    assert answer.data["entitlement"]["transactions"]["nodes"] == [
        {"kind": "ADJUST", "quantity": f"{quantity}.00", "reason": "Goodwill"}
    ]


@pytest.mark.parametrize(
    ("quantity", "reason", "code", "field"),
    [
        ("-21", "Goodwill", "OUT_OF_RANGE", "quantity"),
        ("0", "Goodwill", "OUT_OF_RANGE", "quantity"),
        ("0.5", "Goodwill", "OUT_OF_RANGE", "quantity"),
        ("NaN", "Goodwill", "OUT_OF_RANGE", "quantity"),
        ("1e999999", "Goodwill", "OUT_OF_RANGE", "quantity"),
        ("1", "  ", "REQUIRED", "reason"),
        ("1", "x" * 501, "TOO_LONG", "reason"),
    ],
)
async def test_spec_6_a_correction_keeps_the_bounds_and_has_a_reason(
    client: Running, world: World, quantity: str, reason: str, code: str, field: str
) -> None:
    _, balance = await contract(client, world)
    payload = await adjust(client, "lead@northstar.example", balance, quantity, reason)
    assert payload == {"entitlement": None, "userErrors": [{"code": code, "field": [field]}]}
    assert (await listed(client, "user@alder.example"))[0]["total"] == "20.00"


@pytest.mark.parametrize(
    "who",
    [
        "user@alder.example", "owner@alder.example", "admin@meridian.example", "agent@northstar.example",
        "operator@northstar.example",
    ],
)  # fmt: skip
async def test_spec_5_1_nobody_but_a_lead_corrects_balances(client: Running, world: World, who: str) -> None:
    _, balance = await contract(client, world)
    payload = await adjust(client, who, balance, "5")
    assert [error["code"] for error in payload["userErrors"]] == ["FORBIDDEN"]
    assert (await listed(client, "user@alder.example"))[0]["total"] == "20.00"


async def test_spec_4_1_the_ledger_is_empty_for_who_does_not_manage_contracts(client: Running, world: World) -> None:
    _, balance = await contract(client, world)
    await adjust(client, "lead@northstar.example", balance, "1")
    answer = await (await client.as_("user@alder.example")).query(LEDGER, id=encode("entitlement", balance))
    assert answer.data["entitlement"]["transactions"] == {"nodes": [], "totalCount": 0}


async def test_spec_6_a_correction_is_in_the_holders_log(client: Running, world: World) -> None:
    _, balance = await contract(client, world)
    await adjust(client, "lead@northstar.example", balance, "-2", "Paid twice")
    document = "{ auditEvents(first: 5) { nodes { action actorName actingTenantName before after } } }"
    answer = await (await client.as_("owner@alder.example")).query(document)
    assert answer.data["auditEvents"]["nodes"] == [
        {
            "action": "entitlement.adjust",
            "actorName": "Lead Northstar",
            "actingTenantName": "Northstar Online",
            "before": {"total": "20.00", "available": "20.00"},
            "after": {"total": "18.00", "available": "18.00", "reason": "Paid twice"},
        }
    ]


async def test_spec_6_what_was_drawn_cannot_be_taken_away(client: Running, world: World) -> None:
    _, balance = await contract(client, world)
    async with client.session() as session:
        await make.debit(session, world.alder.tenant, balance, world.alder.ticket)
    refused = await adjust(client, "lead@northstar.example", balance, "-20")
    assert refused["userErrors"] == [{"code": "OUT_OF_RANGE", "field": ["quantity"]}]
    payload = await adjust(client, "lead@northstar.example", balance, "-19")
    assert payload["entitlement"] == {"total": "1.00", "available": "0.00", "used": "1.00"}


async def test_spec_6_a_retry_with_its_key_corrects_once(client: Running, world: World) -> None:
    _, balance = await contract(client, world)
    lead = await client.as_("lead@northstar.example")
    given = {"id": encode("entitlement", balance), "reason": "Goodwill", "key": "once"}
    first, again = [(await lead.query(ADJUST, quantity="3", **given)).data["entitlementAdjust"] for _ in range(2)]
    assert (first, again["entitlement"]["total"]) == (again, "23.00")
    other = (await lead.query(ADJUST, quantity="4", **given)).data["entitlementAdjust"]
    assert [error["code"] for error in other["userErrors"]] == ["IDEMPOTENCY_MISMATCH"]
    assert (await listed(client, "user@alder.example"))[0]["total"] == "23.00"


async def test_spec_6_corrections_at_once_never_take_more_than_there_is(client: Running, world: World) -> None:
    _, balance = await contract(client, world)
    lead = await client.as_("lead@northstar.example")
    given = {"id": encode("entitlement", balance), "quantity": "-6", "reason": "Goodwill"}
    answers = await asyncio.gather(*(lead.query(ADJUST, **given) for _ in range(6)))
    refused = [error["code"] for answer in answers for error in answer.data["entitlementAdjust"]["userErrors"]]
    assert refused == ["OUT_OF_RANGE"] * 3
    assert (await listed(client, "user@alder.example"))[0]["total"] == "2.00"
