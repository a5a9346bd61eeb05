"""Verifying, linking and unlinking support contracts (D4-D6, D9-D11, D16, D19, D26-D28)."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from authz.roles import Role
from domain.entitlements.model import ContractSharing, Program, SupportContract, SupportContractLink
from domain.entitlements.secrets import ContractSecrets
from domain.records.model import AuditEvent, IdempotencyRecord
from domain.services.model import ServiceFamily
from domain.support.model import SignInKind
from domain.tenants.model import User
from execution.ids import encode
from tests.support import factories as make
from tests.support.app import SECRET, Running
from tests.support.world import World

ACCESS, CONTRACT = "0045120931", "00720415"
SECRETS = ContractSecrets(SECRET)
USER = "user@alder.example"

VERIFY = """mutation ($input: SupportContractVerifyInput!) { supportContractVerify(input: $input) {
  displayName userErrors { code field } } }"""
LINK = """mutation ($input: SupportContractLinkInput!) { supportContractLink(input: $input) {
  supportContract { id displayName } link { id usable } userErrors { code field } } }"""
UNLINK = """mutation ($id: ID!) { supportContractUnlink(linkId: $id, input: {}) {
  linkId supportContract { id } userErrors { code } } }"""
LISTED = "{ entitlements(first: 10) { totalCount } }"


async def contract(client: Running, holder: UUID, **values: Any) -> UUID:
    given = {"access_id": ACCESS, "contract_id_hash": SECRETS.hash(CONTRACT)}
    async with client.session() as session:
        key, _ = await make.contract(session, holder, **(given | values))
    return key


def ids(world: World, access: str = ACCESS, secret: str = CONTRACT, **more: Any) -> dict[str, Any]:
    return {
        "accessId": access,
        "contractId": secret,
        "channelId": encode("channel", world.catalogue.contract_channel),
    } | more


async def link(client: Running, world: World, who: str = USER, **given: Any) -> Any:
    return (await (await client.as_(who)).query(LINK, input=ids(world, **given))).data["supportContractLink"]


async def verify(client: Running, access: str, secret: str, who: str = USER) -> Any:
    somebody = await client.as_(who)
    answer = await somebody.query(VERIFY, input={"accessId": access, "contractId": secret})
    return answer.data["supportContractVerify"]


async def codes(client: Running, world: World, who: str = USER, **given: Any) -> list[str]:
    payload = await link(client, world, who, **given)
    assert payload["supportContract"] is None or not payload["userErrors"]
    return [error["code"] for error in payload["userErrors"]]


async def links(client: Running) -> int:
    async with client.session() as session:
        return len((await session.execute(select(SupportContractLink))).all())


async def visible(client: Running, who: str) -> int:
    count: int = (await (await client.as_(who)).query(LISTED)).data["entitlements"]["totalCount"]
    return count


async def test_D5_both_ids_link_a_contract_to_the_sign_in(client: Running, world: World) -> None:
    key = await contract(client, world.lone_pine.tenant)
    payload = await link(client, world)
    assert payload["supportContract"] == {"id": encode("contract", key), "displayName": f"{ACCESS} - Gold 20Pack"}
    assert payload["link"]["usable"] is True
    assert payload["userErrors"] == []
    assert await visible(client, USER) == 1


async def test_D6_two_may_link_one_contract_and_neither_sees_the_others_link(client: Running, world: World) -> None:
    await contract(client, world.lone_pine.tenant)
    first = await link(client, world)
    second = await link(client, world, "owner@solstice.example")
    assert second["userErrors"] == []
    assert first["link"]["id"] != second["link"]["id"]
    document = "query ($id: ID!) { node(id: $id) { id } }"
    answer = await (await client.as_(USER)).query(document, id=second["link"]["id"])
    assert answer.codes == ["NOT_FOUND"]


async def test_D5_linking_twice_is_once(client: Running, world: World) -> None:
    await contract(client, world.lone_pine.tenant)
    first, second = await link(client, world), await link(client, world)
    assert first["link"]["id"] == second["link"]["id"]
    assert await links(client) == 1


async def test_D5_linking_at_the_same_time_is_once(client: Running, world: World) -> None:
    await contract(client, world.lone_pine.tenant)
    payloads = await asyncio.gather(*(link(client, world) for _ in range(5)))
    assert len({payload["link"]["id"] for payload in payloads}) == 1
    assert await links(client) == 1


async def test_D6_users_who_link_at_the_same_time_all_see_the_contract(client: Running, world: World) -> None:
    await contract(client, world.lone_pine.tenant)
    people = [USER, "owner@solstice.example", "admin@meridian.example", "colleague@alder.example"]
    await asyncio.gather(*(link(client, world, who) for who in people))
    assert [await visible(client, who) for who in people] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("access", "secret"),
    [
        (ACCESS, "00720416"),  # another Contract ID
        ("0045120932", CONTRACT),  # another Access ID
        ("45120931", CONTRACT),  # no leading zeros
        (ACCESS, "720415"),
        ("00045120931", CONTRACT),  # more leading zeros
        (ACCESS, "000720415"),
        (CONTRACT, ACCESS),
        (ACCESS, "٠٠٧٢٠٤١٥"),  # the same digits of another script
        (ACCESS, "0072 0415"),
        ("' OR 1=1 --", CONTRACT),
        ("9" * 5000, CONTRACT),
    ],
)
async def test_D19_wrong_ids_get_one_answer(client: Running, world: World, access: str, secret: str) -> None:
    await contract(client, world.lone_pine.tenant)
    payload = await link(client, world, access=access, secret=secret)
    assert payload["userErrors"] == [{"code": "INVALID_CONTRACT_IDS", "field": None}]
    assert await links(client) == 0


async def test_D19_white_space_around_the_digits_does_not_count(client: Running, world: World) -> None:
    await contract(client, world.lone_pine.tenant)
    assert await codes(client, world, access=f" {ACCESS}\n", secret=f"\t{CONTRACT} ") == []


async def test_D4_one_access_id_may_have_several_contracts(client: Running, world: World) -> None:
    await contract(client, world.lone_pine.tenant, contract_id_hash=SECRETS.hash("00720416"), plan_name="Silver")
    await contract(client, world.lone_pine.tenant)
    payload = await link(client, world)
    assert payload["supportContract"]["displayName"] == f"{ACCESS} - Gold 20Pack"


@pytest.mark.parametrize(("access", "secret", "field"), [("", CONTRACT, "accessId"), (ACCESS, " ", "contractId")])
async def test_D4_both_ids_are_required(client: Running, world: World, access: str, secret: str, field: str) -> None:
    payload = await link(client, world, access=access, secret=secret)
    assert payload["userErrors"] == [{"code": "REQUIRED", "field": [field]}]


async def test_D16_verifying_shows_the_name_and_links_nothing(client: Running, world: World) -> None:
    await contract(client, world.lone_pine.tenant)
    payload = await verify(client, ACCESS, CONTRACT)
    assert payload == {"displayName": f"{ACCESS} - Gold 20Pack", "userErrors": []}
    assert await links(client) == 0
    assert await visible(client, USER) == 0


async def test_D16_wrong_ids_are_not_verified(client: Running, world: World) -> None:
    payload = await verify(client, ACCESS, CONTRACT)
    assert payload["displayName"] is None
    assert [error["code"] for error in payload["userErrors"]] == ["INVALID_CONTRACT_IDS"]


async def test_AMB28_a_contract_of_ones_own_tenant_is_invalid_for_others(client: Running, world: World) -> None:
    await contract(client, world.lone_pine.tenant, sharing=ContractSharing.OWN_TENANT)
    assert await codes(client, world) == ["INVALID_CONTRACT_IDS"]
    assert await codes(client, world, "owner@lonepine.example") == []


async def test_spec_4_3_environments_never_mix(client: Running, world: World) -> None:
    await contract(client, world.lone_pine.tenant)
    assert await codes(client, world, "owner@tarnvalley.example") == ["INVALID_CONTRACT_IDS"]


@pytest.mark.parametrize(
    ("needed", "has", "found"),
    [
        (SignInKind.AZURE_SUBSCRIPTION, SignInKind.LOCAL, ["WRONG_SIGN_IN"]),
        (SignInKind.AZURE_SUBSCRIPTION, SignInKind.AZURE_SUBSCRIPTION, []),
        (SignInKind.LOCAL, SignInKind.MICROSOFT, []),
    ],
)
async def test_D11_the_channel_takes_its_kind_of_sign_in(
    client: Running, world: World, needed: SignInKind, has: SignInKind, found: list[str]
) -> None:
    await contract(client, world.lone_pine.tenant)
    async with client.session() as session:
        channel = await make.channel(session, requires_support_contract=True, sign_in_kind=needed)
        await make.change(session, User, world.alder.user, sign_in_kind=has)
    payload = await link(client, world, channelId=encode("channel", channel))
    assert [error["code"] for error in payload["userErrors"]] == found
    assert all(error["field"] == ["channelId"] for error in payload["userErrors"])


async def test_D29_a_channel_without_contracts_takes_none(client: Running, world: World) -> None:
    await contract(client, world.lone_pine.tenant)
    given = {"channelId": encode("channel", world.catalogue.channel)}
    assert await codes(client, world, **given) == ["CONTRACT_NOT_APPLICABLE"]


@pytest.mark.parametrize("channel", ["channel_1", "service_" + "0" * 32, "channel_" + "0" * 32])
async def test_D11_an_unknown_channel_is_not_found(client: Running, world: World, channel: str) -> None:
    await contract(client, world.lone_pine.tenant)
    payload = await link(client, world, channelId=channel)
    assert payload["userErrors"] == [{"code": "NOT_FOUND", "field": ["channelId"]}]


async def test_D26_ids_of_a_cloud_programme_are_invalid_on_premises(client: Running, world: World) -> None:
    await contract(client, world.lone_pine.tenant, program=Program.SCS)
    async with client.session() as session:
        channel = await make.channel(session, requires_support_contract=True)
        await make.service(session, channel, "Mail Server", family=ServiceFamily.ON_PREMISES)
    given = {"channelId": encode("channel", channel)}
    assert await codes(client, world, **given) == ["INVALID_CONTRACT_IDS"]
    assert await codes(client, world) == []


async def test_AMB29_the_contract_id_is_kept_nowhere_in_the_clear(client: Running, world: World) -> None:
    await contract(client, world.lone_pine.tenant)
    await link(client, world, idempotencyKey="once")
    await link(client, world, secret="00000001")
    async with client.session() as session:
        tables = (AuditEvent, SupportContract, IdempotencyRecord, SupportContractLink)
        rows = [str(vars(row)) for table in tables for row in (await session.execute(select(table))).scalars()]
    assert len(rows) == 7
    assert not [row for row in rows if CONTRACT in row or "00000001" in row]
    assert SECRETS.decrypt(SECRETS.encrypt(CONTRACT)) == CONTRACT


async def test_spec_6_every_attempt_is_noted_with_a_masked_access_id(client: Running, world: World) -> None:
    await contract(client, world.lone_pine.tenant)
    await verify(client, ACCESS, CONTRACT)
    await verify(client, ACCESS, "1")
    async with client.session() as session:
        found = await session.execute(select(AuditEvent).order_by(AuditEvent.id))
        noted = [(event.action, event.tenant_id, event.after) for event in found.scalars()]
    action, tenant = "support_contract.verify", world.alder.tenant
    assert noted == [
        (action, tenant, {"outcome": "VERIFIED", "access_id": "0045xxxxxx"}),
        (action, tenant, {"outcome": "INVALID_CONTRACT_IDS", "access_id": "0045xxxxxx"}),
    ]


async def test_AMB28_the_holder_sees_in_its_log_who_linked(client: Running, world: World) -> None:
    await contract(client, world.lone_pine.tenant)
    await link(client, world)
    document = "{ auditEvents(first: 5) { nodes { action } } }"
    answer = await (await client.as_("owner@lonepine.example")).query(document)
    assert [event["action"] for event in answer.data["auditEvents"]["nodes"]] == ["support_contract.link"]


async def test_spec_6_ten_failures_stop_a_user_for_a_while(client: Running, world: World) -> None:
    await contract(client, world.lone_pine.tenant)
    for number in range(10):
        assert await codes(client, world, access=f"9{number}") == ["INVALID_CONTRACT_IDS"]
    assert await codes(client, world) == ["RATE_LIMITED"]
    assert await codes(client, world, "owner@solstice.example") == []
    client.clock.advance(minutes=16)
    assert await codes(client, world) == []


async def test_spec_6_twenty_failures_stop_an_access_id_for_a_while(client: Running, world: World) -> None:
    await contract(client, world.lone_pine.tenant)
    for who in ("colleague@alder.example", "apps@alder.example"):
        for number in range(10):
            assert await codes(client, world, who, secret=f"9{number}") == ["INVALID_CONTRACT_IDS"]
    assert await codes(client, world) == ["RATE_LIMITED"]


async def test_spec_6_guesses_at_the_same_time_are_no_way_around(client: Running, world: World) -> None:
    await contract(client, world.lone_pine.tenant)
    outcomes = await asyncio.gather(*(codes(client, world, secret=f"9{number}") for number in range(15)))
    assert sorted(outcome[0] for outcome in outcomes) == ["INVALID_CONTRACT_IDS"] * 10 + ["RATE_LIMITED"] * 5


async def test_spec_6_success_is_not_counted(client: Running, world: World) -> None:
    await contract(client, world.lone_pine.tenant)
    for _ in range(12):
        assert (await verify(client, ACCESS, CONTRACT))["userErrors"] == []


async def test_spec_6_success_does_not_forgive_failures(client: Running, world: World) -> None:
    await contract(client, world.lone_pine.tenant)
    for number in range(10):
        await codes(client, world, access=f"9{number}")
        if number == 5:
            assert await codes(client, world) == []
    assert await codes(client, world) == ["RATE_LIMITED"]


async def test_spec_3_5_a_retry_links_once_and_gets_the_same_answer(client: Running, world: World) -> None:
    await contract(client, world.lone_pine.tenant)
    first = await link(client, world, idempotencyKey="once")
    assert await link(client, world, idempotencyKey="once") == first
    other = await link(client, world, secret="00000001", idempotencyKey="once")
    assert [error["code"] for error in other["userErrors"]] == ["IDEMPOTENCY_MISMATCH"]


async def test_D5_unlinking_ends_the_association(client: Running, world: World) -> None:
    await contract(client, world.lone_pine.tenant)
    linked = await link(client, world)
    user = await client.as_(USER)
    payload = (await user.query(UNLINK, id=linked["link"]["id"])).data["supportContractUnlink"]
    assert payload == {"linkId": linked["link"]["id"], "supportContract": None, "userErrors": []}
    assert await visible(client, USER) == 0
    assert (await link(client, world))["link"]["id"] != linked["link"]["id"]


@pytest.mark.parametrize("who", ["owner@alder.example", "owner@lonepine.example", "admin@meridian.example"])
async def test_D5_nobody_else_unlinks(client: Running, world: World, who: str) -> None:
    await contract(client, world.lone_pine.tenant)
    linked = await link(client, world)
    answer = await (await client.as_(who)).query(UNLINK, id=linked["link"]["id"])
    assert [error["code"] for error in answer.data["supportContractUnlink"]["userErrors"]] == ["NOT_FOUND"]
    assert await visible(client, USER) == 1


@pytest.mark.parametrize("who", ["agent@northstar.example", "operator@northstar.example"])
async def test_spec_5_3_platform_staff_link_nothing(client: Running, world: World, who: str) -> None:
    await contract(client, world.lone_pine.tenant)
    assert await codes(client, world, who) == ["FORBIDDEN"]
    assert await links(client) == 0


async def test_spec_5_1_a_machine_links_nothing(client: Running, world: World) -> None:
    await contract(client, world.lone_pine.tenant)
    async with client.session() as session:
        principal = await make.service_principal(session, world.alder.tenant, Role.TENANT_OWNER)
        _, token = await make.api_token(session, world.alder.tenant, principal, ["contract:link", "contract:read"])
    answer = await client.with_token(token).query(LINK, input=ids(world))
    assert [error["code"] for error in answer.data["supportContractLink"]["userErrors"]] == ["FORBIDDEN"]
    assert await links(client) == 0


VIEWER = """query ($service: ID) { viewer { supportContracts(serviceId: $service) {
  usable warnings { code } channel { name } supportContract { accessId } } } }"""


async def warned(client: Running, service: UUID | None) -> list[tuple[bool, list[str]]]:
    given = encode("service", service) if service else None
    answer = await (await client.as_(USER)).query(VIEWER, service=given)
    found = answer.data["viewer"]["supportContracts"]
    return [(link["usable"], [warning["code"] for warning in link["warnings"]]) for link in found]


async def on_premises(client: Running, world: World) -> UUID:
    async with client.session() as session:
        channel = world.catalogue.contract_channel
        return await make.service(session, channel, "Mail Server", family=ServiceFamily.ON_PREMISES)


async def test_D27_a_cloud_contract_is_shown_with_a_warning_for_a_service_on_premises(
    client: Running, world: World
) -> None:
    await contract(client, world.lone_pine.tenant, program=Program.SCS)
    await link(client, world)
    assert await warned(client, world.catalogue.premium) == [(True, [])]
    assert await warned(client, await on_premises(client, world)) == [(False, ["CLOUD_SERVICES_ONLY"])]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (make.validity(400), "EXPIRED"),
        (make.validity(-2), "NOT_YET_VALID"),
        ({"incidents": 0}, "NO_AVAILABLE_INCIDENTS"),
    ],
)
async def test_D27_what_cannot_pay_is_shown_with_a_warning(
    client: Running, world: World, values: dict[str, Any], code: str
) -> None:
    await contract(client, world.lone_pine.tenant, **values)
    assert await codes(client, world) == []
    assert await warned(client, None) == [(False, [code])]


async def test_D27_a_contract_for_other_services_is_shown_with_a_warning(client: Running, world: World) -> None:
    await contract(client, world.lone_pine.tenant)
    await link(client, world)
    assert await warned(client, await on_premises(client, world)) == [(False, ["NOT_ELIGIBLE"])]
    assert await warned(client, world.catalogue.backup) == [(False, ["OTHER_CHANNEL"])]


async def test_D28_several_contracts_are_linked_side_by_side(client: Running, world: World) -> None:
    for program, access in ((Program.SCS, "0037"), (Program.SCS_AZURE, "0038")):
        await contract(client, world.lone_pine.tenant, program=program, access_id=access)
        assert await codes(client, world, access=access) == []
    assert await warned(client, world.catalogue.premium) == [(True, []), (True, [])]


NESTED = """{ customers(first: 10) { nodes { organizationName entitlements(first: 5) { nodes {
  available contract { accessId eligibility { family } } } totalCount } } } }"""


async def test_K4_a_partner_reads_entitlements_within_its_customers(client: Running, world: World) -> None:
    await contract(client, world.alder.tenant)
    await contract(client, world.alder.tenant, access_id="0099")
    assert await codes(client, world, "admin@meridian.example") == []
    answer = await (await client.as_("staff@meridian.example")).query(NESTED)
    found = {row["organizationName"]: row["entitlements"] for row in answer.data["customers"]["nodes"]}
    linked = {"available": "20.00", "contract": {"accessId": ACCESS, "eligibility": [{"family": "CLOUD"}]}}
    assert found["Alder & Finch"] == {"nodes": [linked], "totalCount": 1}
    assert found["Solstice Foods"] == {"nodes": [], "totalCount": 0}
