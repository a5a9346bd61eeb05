"""The viewer, tenants and their security settings (A22, A31, AMB-17, AMB-34)."""

from typing import Any

import pytest
from sqlalchemy import select

from authz.roles import Role
from domain.tenants.model import MembershipStatus
from domain.tickets.model import TemporaryAccountStatus, TemporarySupportAccount
from execution.ids import encode
from tests.schema.asking import problems
from tests.schema.managing import SECURITY, STAFF, done, log, settings
from tests.support import factories as make
from tests.support.app import Running
from tests.support.world import Twin, World

VIEWER = """{ viewer { principal name email role permissions user { id name email } tenant { name kind }
  memberships { role tenant { id name kind environment } } pinnedCustomers(first: 1) { totalCount } } }"""
TENANT = """query Tenant($id: ID!) { tenant(id: $id) {
  id name kind environment country status partnerType owner { name email } securitySettings { version }
  management { mode viewerCanTakeOver } tickets(first: 5) { totalCount } services(first: 5) { totalCount }
  viewerCan { readSecuritySettings updateSecuritySettings inviteSupport createTickets readAuditLog } } }"""
OWNERS = ["owner@alder.example", "service@alder.example", "custom@alder.example"]
DENIED = ["apps@alder.example", "user@alder.example", "staff@meridian.example", *STAFF]
CHANGES: dict[str, Any] = {
    "temporarySupportAccountsAllowed": False,
    "organizationTicketAccess": "VIEW",
    "sessionTimeoutMinutes": 30,
    "trustedIps": ["192.0.2.7", " 192.0.2.0/24 ", "2001:DB8::/32", "192.0.2.7/32", "127.0.0.0/8"],
}


async def tenant(client: Running, who: str, key: Any) -> Any:
    return await (await client.as_(who)).query(TENANT, id=encode("tenant", key))


async def test_the_viewer_is_told_who_it_is(client: Running, world: World) -> None:
    viewer = (await (await client.as_("user@alder.example")).query(VIEWER)).data["viewer"]
    assert (viewer["principal"], viewer["role"]) == ("USER", "STANDARD_USER")
    assert viewer["user"] == {
        "id": encode("user", world.alder.user),
        "name": "User Alder",
        "email": "user@alder.example",
    }
    assert viewer["tenant"] == {"name": "Alder & Finch", "kind": "CUSTOMER"}
    assert "ticket:create" in viewer["permissions"]
    assert "support:invite" not in viewer["permissions"]
    assert viewer["pinnedCustomers"] is None


async def test_the_viewer_is_nobody_without_signing_in(client: Running) -> None:
    assert (await client.nobody.query(VIEWER)).codes == ["UNAUTHENTICATED"]


async def test_AMB_34_memberships_are_listed_to_choose_from(client: Running, world: World) -> None:
    async with client.session() as session:
        await make.membership(session, world.lone_pine.tenant, world.alder.user, Role.SERVICE_ADMINISTRATOR)
        disabled = MembershipStatus.DISABLED
        await make.membership(session, world.solstice.tenant, world.alder.user, Role.STANDARD_USER, status=disabled)
    who = await client.as_("user@alder.example", world.lone_pine.tenant)
    viewer = (await who.query(VIEWER)).data["viewer"]
    assert viewer["tenant"]["name"] == "Lone Pine Labs"
    assert [(each["role"], each["tenant"]["name"]) for each in viewer["memberships"]] == [
        ("STANDARD_USER", "Alder & Finch"),
        ("SERVICE_ADMINISTRATOR", "Lone Pine Labs"),
    ]
    assert viewer["memberships"][0]["tenant"] == {
        "id": encode("tenant", world.alder.tenant),
        "name": "Alder & Finch",
        "kind": "CUSTOMER",
        "environment": "COMMERCIAL",
    }


async def test_AMB_34_another_tenant_of_ones_own_is_not_found_while_one_acts_in_this(
    client: Running, world: World
) -> None:
    async with client.session() as session:
        await make.membership(session, world.lone_pine.tenant, world.alder.user, Role.SERVICE_ADMINISTRATOR)
    who = await client.as_("user@alder.example", world.lone_pine.tenant)
    assert (await who.query(TENANT, id=encode("tenant", world.alder.tenant))).codes == ["NOT_FOUND"]


async def test_a_machine_is_no_person(client: Running, world: World) -> None:
    async with client.session() as session:
        owner = Role.TENANT_OWNER
        principal = await make.service_principal(session, world.alder.tenant, owner, name="Nightly")
        _, secret = await make.api_token(session, world.alder.tenant, principal, ["tenant:read"])
    viewer = (await client.with_token(secret).query(VIEWER)).data["viewer"]
    assert (viewer["principal"], viewer["name"], viewer["user"]) == ("SERVICE_PRINCIPAL", "Nightly", None)
    assert (viewer["permissions"], viewer["memberships"]) == (["tenant:read"], [])


async def test_a_tenant_is_seen_by_its_own_people(client: Running, world: World) -> None:
    found = (await tenant(client, "owner@alder.example", world.alder.tenant)).data["tenant"]
    assert found == {
        "id": encode("tenant", world.alder.tenant),
        "name": "Alder & Finch",
        "kind": "CUSTOMER",
        "environment": "COMMERCIAL",
        "country": "NO",
        "status": "ACTIVE",
        "partnerType": None,
        "owner": {"name": "Owner Alder", "email": "owner@alder.example"},
        "securitySettings": {"version": 1},
        "management": {"mode": "PARTNER", "viewerCanTakeOver": True},
        "tickets": {"totalCount": 1},
        "services": {"totalCount": 2},
        "viewerCan": {
            "readSecuritySettings": True,
            "updateSecuritySettings": True,
            "inviteSupport": True,
            "createTickets": True,
            "readAuditLog": True,
        },
    }


async def test_a_standard_user_sees_who_owns_its_tenant_and_no_more(client: Running, world: World) -> None:
    found = (await tenant(client, "user@alder.example", world.alder.tenant)).data["tenant"]
    assert found["owner"] == {"name": "Owner Alder", "email": "owner@alder.example"}
    assert (found["securitySettings"], found["management"]) == (None, None)
    assert {act for act, held in found["viewerCan"].items() if held} == {"createTickets"}


async def test_a_partner_does_not_see_its_customers_security_settings(client: Running, world: World) -> None:
    found = (await tenant(client, "admin@meridian.example", world.alder.tenant)).data["tenant"]
    assert (found["name"], found["securitySettings"]) == ("Alder & Finch", None)
    assert set(found["viewerCan"].values()) == {False}


@pytest.mark.parametrize("who", STAFF)
async def test_the_platforms_staff_find_every_tenant(client: Running, world: World, who: str) -> None:
    found = (await tenant(client, who, world.lone_pine.tenant)).data["tenant"]
    assert (found["name"], found["securitySettings"], found["management"]) == ("Lone Pine Labs", None, None)


@pytest.mark.parametrize("who", ["owner@alder.example", "user@alder.example", "admin@meridian.example"])
async def test_others_tenants_are_not_found(client: Running, world: World, who: str) -> None:
    for key in (world.lone_pine.tenant, world.platform.tenant):
        assert (await tenant(client, who, key)).codes == ["NOT_FOUND"]


async def test_a_customer_does_not_find_its_partners_tenant(client: Running, world: World) -> None:
    assert (await tenant(client, "owner@alder.example", world.meridian.tenant)).codes == ["NOT_FOUND"]


async def test_people_of_others_are_not_found(client: Running, twins: tuple[Twin, Twin]) -> None:
    left, right = twins
    document = "query User($id: ID!) { node(id: $id) { ... on User { email } } }"
    who = await client.as_(left.partner.admin)
    mine, theirs = (encode("user", twin.customers[0].customer.owner) for twin in (left, right))
    assert (await who.query(document, id=mine)).data == {"node": {"email": "owner@leftone.example"}}
    assert (await who.query(document, id=theirs)).codes == ["NOT_FOUND"]


@pytest.mark.parametrize("who", OWNERS)
async def test_A31_administrators_change_the_settings(client: Running, world: World, who: str) -> None:
    payload = await done(await client.as_(who), SECURITY, input=CHANGES, version=1)
    assert payload["userErrors"] == []
    assert payload["tenant"]["securitySettings"] == {
        "temporarySupportAccountsAllowed": False,
        "organizationTicketAccess": "VIEW",
        "sessionTimeoutMinutes": 30,
        "trustedIps": ["192.0.2.7", "192.0.2.0/24", "2001:db8::/32", "127.0.0.0/8"],
        "version": 2,
    }
    assert await log(client, world.alder.tenant) == ["tenant.security_settings_update"]


@pytest.mark.parametrize("who", DENIED)
async def test_A31_other_roles_change_nothing(client: Running, world: World, who: str) -> None:
    payload = await done(await client.as_(who), SECURITY, input=CHANGES, version=1)
    assert (payload["tenant"], problems(payload)) == (None, [("FORBIDDEN", "")])
    assert (await settings(client, world.alder.tenant)).temporary_support_accounts_allowed


async def test_A31_a_customized_administrator_needs_the_category(client: Running, world: World) -> None:
    async with client.session() as session:
        role = await make.custom_role(session, world.alder.tenant, ["MANAGEMENT"])
        ca = Role.CUSTOMIZED_ADMINISTRATOR
        user = await make.person(session, world.alder.tenant, ca, custom_role_id=role)
    who = await client.as_(user)
    assert problems(await done(who, SECURITY, input=CHANGES, version=1)) == [("FORBIDDEN", "")]
    found = (await who.query(TENANT, id=encode("tenant", world.alder.tenant))).data["tenant"]
    assert found["securitySettings"] is None


async def test_A31_a_partners_administrator_changes_its_own_tenants(client: Running, world: World) -> None:
    admin = await client.as_("admin@meridian.example")
    assert (await done(admin, SECURITY, input=CHANGES, version=1))["userErrors"] == []
    assert (await settings(client, world.meridian.tenant)).session_timeout_minutes == 30
    assert (await settings(client, world.alder.tenant)).session_timeout_minutes == 720


async def test_what_is_not_given_stays(client: Running, world: World) -> None:
    owner = await client.as_("owner@alder.example")
    payload = await done(owner, SECURITY, input={"sessionTimeoutMinutes": 60}, version=1)
    saved = payload["tenant"]["securitySettings"]
    assert (saved["sessionTimeoutMinutes"], saved["temporarySupportAccountsAllowed"], saved["trustedIps"]) == (
        60,
        True,
        [],
    )


async def test_all_that_is_wrong_is_told_at_once(client: Running, world: World) -> None:
    given = {"sessionTimeoutMinutes": 4, "trustedIps": ["127.0.0.1", "somewhere"]}
    payload = await done(await client.as_("owner@alder.example"), SECURITY, input=given, version=1)
    assert problems(payload) == [("OUT_OF_RANGE", "sessionTimeoutMinutes"), ("OUT_OF_RANGE", "trustedIps.1")]
    assert (await settings(client, world.alder.tenant)).version == 1


@pytest.mark.parametrize("networks", [["192.0.2.0/24"], ["::1", "126.255.255.255"], ["0.0.0.0/32"]])
async def test_A31_nobody_locks_themselves_out(client: Running, world: World, networks: list[str]) -> None:
    given = {"sessionTimeoutMinutes": 60, "trustedIps": networks}
    payload = await done(await client.as_("owner@alder.example"), SECURITY, input=given, version=1)
    assert problems(payload) == [("OUT_OF_RANGE", "trustedIps")]
    assert "127.0.0.1" in payload["userErrors"][0]["message"]
    kept = await settings(client, world.alder.tenant)
    assert (kept.version, kept.session_timeout_minutes, kept.trusted_ips) == (1, 720, [])


async def test_A31_an_empty_list_trusts_every_address(client: Running, world: World) -> None:
    owner = await client.as_("owner@alder.example")
    await done(owner, SECURITY, input={"trustedIps": ["127.0.0.1"]}, version=1)
    assert (await done(owner, SECURITY, input={"trustedIps": []}, version=2))["userErrors"] == []
    assert (await settings(client, world.alder.tenant)).trusted_ips == []


@pytest.mark.parametrize(
    ("minutes", "codes"), [(4, ["OUT_OF_RANGE"]), (5, []), (43_200, []), (43_201, ["OUT_OF_RANGE"])]
)
async def test_A31_a_session_lasts_five_minutes_to_thirty_days(
    client: Running, world: World, minutes: int, codes: list[str]
) -> None:
    owner = await client.as_("owner@alder.example")
    payload = await done(owner, SECURITY, input={"sessionTimeoutMinutes": minutes}, version=1)
    assert [error["code"] for error in payload["userErrors"]] == codes
    assert (await settings(client, world.alder.tenant)).session_timeout_minutes == (720 if codes else minutes)


async def test_a_form_made_of_an_older_version_is_refused(client: Running, world: World) -> None:
    owner = await client.as_("owner@alder.example")
    await done(owner, SECURITY, input=CHANGES, version=1)
    payload = await done(owner, SECURITY, input={"sessionTimeoutMinutes": 60}, version=1)
    (error,) = payload["userErrors"]
    assert (error["code"], error["currentVersion"]) == ("CONFLICT", 2)
    assert (await settings(client, world.alder.tenant)).session_timeout_minutes == 30


async def accounts(client: Running) -> set[tuple[Any, TemporaryAccountStatus]]:
    async with client.session() as session:
        rows = (await session.execute(select(TemporarySupportAccount))).scalars().all()
    return {(row.tenant_id, row.status) for row in rows}


@pytest.mark.parametrize("revoke", [False, True])
async def test_AMB_17_existing_accounts_end_only_if_asked(client: Running, world: World, revoke: bool) -> None:
    async with client.session() as session:
        await make.temporary_account(session, world.alder.tenant, world.alder.ticket, world.catalogue.backup)
        other = await make.ticket(session, world.lone_pine.tenant, None, world.catalogue.backup)
        await make.temporary_account(session, world.lone_pine.tenant, other, world.catalogue.backup)
    given = {"temporarySupportAccountsAllowed": False, "revokeExisting": revoke}
    payload = await done(await client.as_("owner@alder.example"), SECURITY, input=given, version=1)
    assert payload["userErrors"] == []
    ended = TemporaryAccountStatus.REVOKED if revoke else TemporaryAccountStatus.ACTIVE
    assert await accounts(client) == {
        (world.alder.tenant, ended),
        (world.lone_pine.tenant, TemporaryAccountStatus.ACTIVE),
    }


async def test_the_budget_of_query_cost_can_be_read(client: Running, world: World) -> None:
    owner = await client.as_("owner@alder.example")
    first, second = [
        (await owner.query("{ rateLimit { cost limit remaining resetAt } }")).data["rateLimit"] for _ in range(2)
    ]
    assert first["remaining"] - second["remaining"] == second["cost"]
    assert second["limit"] > second["remaining"]
