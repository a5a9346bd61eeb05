"""Pinning customers, and editing what a partner keeps about them (B19, B27, B29, B31, B39)."""

from typing import Any

import pytest

from authz.permissions import Permission
from authz.roles import Role
from domain.customers.model import ManagementMode, RelationshipStatus
from tests.schema.asking import problems
from tests.schema.managing import MODE, OWN_SIDE, PIN, STAFF, UNPIN, UPDATE, done, log, profile, relationship
from tests.support import factories as make
from tests.support.app import Client, Running
from tests.support.world import Twin, World

PINNED = "{ viewer { pinnedCustomers(first: 10) { totalCount nodes { organizationName pinned } } } }"
FORM = {
    "displayName": "  Alder  ",
    "notes": "Calls on Mondays.\nNever on Fridays.",
    "tags": ["gold", " nordic ", "GOLD"],
    "billingReports": {"enabled": True, "recipients": ["a@alder.example; b@alder.example", "A@alder.example"]},
    "serviceReports": {"enabled": False, "recipients": []},
}
OTHERS = ["owner@alder.example", *OWN_SIDE, *STAFF]


@pytest.fixture
async def admin(client: Running, world: World) -> Client:
    return await client.as_("admin@meridian.example")


async def pinned(who: Client) -> list[str]:
    found = (await who.query(PINNED)).data["viewer"]["pinnedCustomers"]
    assert found["totalCount"] == len(found["nodes"])
    return [node["organizationName"] for node in found["nodes"]]


async def test_B39_the_last_pinned_comes_first(client: Running, world: World, admin: Client) -> None:
    for key in (world.alder.relationship, world.solstice.relationship):
        payload = await done(admin, PIN, key=key)
        assert (payload["userErrors"], payload["customer"]["pinned"]) == ([], True)
        client.clock.advance(seconds=1)
    assert await pinned(admin) == ["Solstice Foods", "Alder & Finch"]


async def test_AMB_22_pins_are_personal(client: Running, world: World, admin: Client) -> None:
    await done(admin, PIN, key=world.alder.relationship)
    assert await pinned(await client.as_("staff@meridian.example")) == []


async def test_B39_pinning_twice_is_once(client: Running, world: World, admin: Client) -> None:
    for _ in range(2):
        assert (await done(admin, PIN, key=world.alder.relationship))["userErrors"] == []
    assert await pinned(admin) == ["Alder & Finch"]
    assert await log(client, world.meridian.tenant) == ["customer.pin"]


async def test_B39_unpinned_customers_are_gone_from_the_dashboard(client: Running, world: World, admin: Client) -> None:
    await done(admin, PIN, key=world.alder.relationship)
    for _ in range(2):
        payload = await done(admin, UNPIN, key=world.alder.relationship)
        assert (payload["userErrors"], payload["customer"]["pinned"]) == ([], False)
    assert await pinned(admin) == []
    assert await log(client, world.meridian.tenant) == ["customer.pin", "customer.unpin"]


async def test_B39_a_partners_user_pins_too(client: Running, world: World) -> None:
    staff = await client.as_("staff@meridian.example")
    assert (await done(staff, PIN, key=world.alder.relationship))["userErrors"] == []


@pytest.mark.parametrize("document", [PIN, UNPIN])
@pytest.mark.parametrize("who", ["owner@alder.example", "agent@northstar.example"])
async def test_B39_who_is_no_partner_pins_nothing(client: Running, world: World, who: str, document: str) -> None:
    payload = await done(await client.as_(who), document, key=world.alder.relationship)
    assert (payload["customer"], problems(payload)) == (None, [("FORBIDDEN", "")])


async def test_B39_another_partners_customer_cannot_be_pinned(client: Running, twins: tuple[Twin, Twin]) -> None:
    left, right = twins
    payload = await done(await client.as_(left.partner.admin), PIN, key=right.customers[0].customer.relationship)
    assert (payload["customer"], problems(payload)) == (None, [("NOT_FOUND", "customerId")])


async def test_B27_a_form_is_saved_whole(client: Running, world: World, admin: Client) -> None:
    payload = await done(admin, UPDATE, key=world.alder.relationship, input=FORM, version=1)
    assert payload["userErrors"] == []
    saved = payload["customer"]
    assert (saved["displayName"], saved["notes"], saved["tags"], saved["version"]) == (
        "Alder",
        "Calls on Mondays.\nNever on Fridays.",
        ["gold", "nordic"],
        2,
    )
    assert saved["billingReports"] == {"enabled": True, "recipients": ["a@alder.example", "b@alder.example"]}
    assert saved["serviceReports"] == {"enabled": False, "recipients": []}


async def test_B27_the_customer_learns_nothing_of_the_partners_notes(
    client: Running, world: World, admin: Client
) -> None:
    await done(admin, UPDATE, key=world.alder.relationship, input=FORM, version=1)
    assert (await log(client, world.meridian.tenant), await log(client, world.alder.tenant)) == (
        ["customer.update"],
        [],
    )


async def test_B27_what_is_not_given_stays_and_null_removes(client: Running, world: World, admin: Client) -> None:
    await done(admin, UPDATE, key=world.alder.relationship, input=FORM, version=1)
    payload = await done(admin, UPDATE, key=world.alder.relationship, input={"notes": None}, version=2)
    saved = payload["customer"]
    assert (saved["displayName"], saved["notes"], saved["tags"]) == ("Alder", None, ["gold", "nordic"])


async def test_B27_a_form_without_changes_is_no_change(client: Running, world: World, admin: Client) -> None:
    payload = await done(admin, UPDATE, key=world.alder.relationship, input={"tags": []}, version=1)
    assert (payload["userErrors"], payload["customer"]["version"]) == ([], 1)
    assert await log(client, world.meridian.tenant) == []


async def test_of_two_edits_at_once_the_second_is_told_the_new_version(
    client: Running, world: World, admin: Client
) -> None:
    await done(admin, UPDATE, key=world.alder.relationship, input={"notes": "First."}, version=1)
    payload = await done(admin, UPDATE, key=world.alder.relationship, input={"notes": "Second."}, version=1)
    (error,) = payload["userErrors"]
    assert (error["__typename"], error["code"], error["field"], error["currentVersion"]) == (
        "ConflictError",
        "CONFLICT",
        ["expectedVersion"],
        2,
    )
    assert (await profile(client, world.alder.relationship)).notes == "First."


async def test_B29_all_that_is_wrong_is_told_at_once_and_nothing_is_saved(
    client: Running, world: World, admin: Client
) -> None:
    form: dict[str, Any] = {
        "displayName": "x" * 201,
        "notes": "bell \a",
        "tags": ["fine", " ", "y" * 51],
        "billingReports": {"enabled": True, "recipients": [" ; "]},
        "serviceReports": {"enabled": True, "recipients": ["ok@alder.example, nobody"]},
    }
    payload = await done(admin, UPDATE, key=world.alder.relationship, input=form, version=1)
    assert problems(payload) == [
        ("INVALID_EMAIL", "serviceReports.recipients.0"),
        ("INVALID_TEXT", "notes"),
        ("REQUIRED", "billingReports.recipients"),
        ("REQUIRED", "tags.1"),
        ("TOO_LONG", "displayName"),
        ("TOO_LONG", "tags.2"),
    ]
    stored = await profile(client, world.alder.relationship)
    assert (stored.tags, stored.notes, (await relationship(client, world.alder.relationship)).version) == ([], None, 1)


async def test_B29_disabled_reports_need_no_recipient(world: World, admin: Client) -> None:
    form = {"billingReports": {"enabled": False, "recipients": []}}
    assert (await done(admin, UPDATE, key=world.alder.relationship, input=form, version=1))["userErrors"] == []


async def test_B31_enabled_service_reports_need_a_recipient(client: Running, world: World, admin: Client) -> None:
    form = {"serviceReports": {"enabled": True, "recipients": []}}
    payload = await done(admin, UPDATE, key=world.alder.relationship, input=form, version=1)
    assert problems(payload) == [("REQUIRED", "serviceReports.recipients")]
    assert not (await profile(client, world.alder.relationship)).service_reports_enabled


async def test_a_customer_has_at_most_twenty_tags(world: World, admin: Client) -> None:
    form = {"tags": [f"tag {number}" for number in range(21)]}
    payload = await done(admin, UPDATE, key=world.alder.relationship, input=form, version=1)
    (error,) = payload["userErrors"]
    assert (error["code"], error["limit"], error["actual"]) == ("LIMIT_EXCEEDED", 20, 21)


async def test_B31_no_service_reports_for_a_customer_that_manages_itself(
    client: Running, world: World, admin: Client
) -> None:
    assert world.solstice.relationship is not None
    reports = {"enabled": True, "recipients": ["a@solstice.example"]}
    payload = await done(admin, UPDATE, key=world.solstice.relationship, input={"serviceReports": reports}, version=1)
    assert problems(payload) == [("ACCESS_DISABLED", "serviceReports")]
    assert not (await profile(client, world.solstice.relationship)).service_reports_enabled


async def test_B29_billing_reports_go_on_for_a_customer_that_manages_itself(world: World, admin: Client) -> None:
    reports = {"enabled": True, "recipients": ["a@solstice.example"]}
    payload = await done(admin, UPDATE, key=world.solstice.relationship, input={"billingReports": reports}, version=1)
    assert payload["userErrors"] == []


async def test_B19_the_mode_is_not_among_what_is_edited(client: Running, world: World, admin: Client) -> None:
    form = {"managementMode": "CUSTOMER"}
    answer = await admin.query(UPDATE, id="customer_" + world.alder.relationship.hex, input=form, version=1)
    assert answer.response.status_code == 400
    assert "managementMode" in answer.body["errors"][0]["message"]
    assert (await relationship(client, world.alder.relationship)).mode is ManagementMode.PARTNER


@pytest.mark.parametrize("who", ["staff@meridian.example", *OTHERS])
async def test_B27_other_roles_edit_nothing(client: Running, world: World, who: str) -> None:
    payload = await done(await client.as_(who), UPDATE, key=world.alder.relationship, input=FORM, version=1)
    assert (payload["customer"], problems(payload)) == (None, [("FORBIDDEN", "")])
    assert (await profile(client, world.alder.relationship)).notes is None


async def test_a_custom_role_that_updates_may_still_not_tag(client: Running, world: World) -> None:
    async with client.session() as session:
        partner = world.meridian.tenant
        role = await make.custom_role(session, partner, [Permission.CUSTOMER_UPDATE])
        user = await make.person(session, partner, Role.PARTNER_USER, custom_role_id=role)
    who = await client.as_(user)
    given = {"notes": "Allowed.", "tags": ["not allowed"]}
    payload = await done(who, UPDATE, key=world.alder.relationship, input=given, version=1)
    assert problems(payload) == [("FORBIDDEN", "tags")]
    payload = await done(who, UPDATE, key=world.alder.relationship, input={"notes": "Allowed."}, version=1)
    assert (payload["userErrors"], payload["customer"]["notes"]) == ([], "Allowed.")


async def test_an_invited_customer_can_be_prepared(client: Running, world: World, admin: Client) -> None:
    async with client.session() as session:
        tenant = await make.tenant(session, "Invited Ltd")
        pending = RelationshipStatus.PENDING
        key = await make.relationship(session, world.meridian.tenant, tenant, status=pending)
    assert (await done(admin, UPDATE, key=key, input={"notes": "Soon."}, version=1))["userErrors"] == []


async def test_another_partners_customer_is_not_edited(client: Running, twins: tuple[Twin, Twin]) -> None:
    left, right = twins
    key = right.customers[0].customer.relationship
    assert key is not None
    payload = await done(await client.as_(left.partner.admin), UPDATE, key=key, input={"notes": "Ours?"}, version=1)
    assert problems(payload) == [("NOT_FOUND", "customerId")]
    assert (await profile(client, key)).notes is None


@pytest.mark.parametrize("document", [PIN, UNPIN, UPDATE, MODE])
async def test_a_malformed_id_is_not_found_at_its_argument(world: World, admin: Client, document: str) -> None:
    given: dict[str, Any] = {"input": {"mode": "CUSTOMER"}} if document is MODE else {}
    versioned: dict[str, Any] = {"version": 1} if document is UPDATE else {}
    payload = await done(admin, document, id="customer_nonsense", **given, **versioned)
    assert problems(payload) == [("NOT_FOUND", "customerId")]


async def test_a_retry_with_the_same_key_does_nothing_again(client: Running, world: World, admin: Client) -> None:
    given = {"notes": "Once.", "idempotencyKey": "k-1"}
    first = await done(admin, UPDATE, key=world.alder.relationship, input=given, version=1)
    again = await done(admin, UPDATE, key=world.alder.relationship, input=given, version=1)
    assert (first["customer"]["version"], again["customer"]["version"], again["userErrors"]) == (2, 2, [])
    assert await log(client, world.meridian.tenant) == ["customer.update"]


async def test_a_key_that_was_used_with_another_form_is_refused(client: Running, world: World, admin: Client) -> None:
    key = world.alder.relationship
    await done(admin, UPDATE, key=key, input={"idempotencyKey": "k-1"}, version=1)
    payload = await done(admin, UPDATE, key=key, input={"notes": None, "idempotencyKey": "k-1"}, version=1)
    assert problems(payload) == [("IDEMPOTENCY_MISMATCH", "idempotencyKey")]
