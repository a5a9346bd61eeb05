"""What a provider hides from its customers (A21, B21-B23, AMB-11, AMB-16, spec 5.5)."""

from typing import Any

import pytest

from domain.customers.model import ProviderOption
from domain.tenants.model import Membership
from execution.ids import encode
from tests.schema.asking import problems
from tests.schema.managing import (
    CLEAR_POLICY,
    EXPIRED,
    MODE,
    OWN_SIDE,
    SET_POLICY,
    STAFF,
    done,
    hidden_options,
    log,
    policies,
)
from tests.support import factories as make
from tests.support.app import Client, Running
from tests.support.world import Twin, World

TEMPORARY = ProviderOption.SUPPORT_TEMPORARY_ACCOUNT
EXPIRY = ProviderOption.EXPIRED_SERVICES
HIDE = {"option": "SUPPORT_TEMPORARY_ACCOUNT", "hidden": True}
OFFER = {"option": "SUPPORT_TEMPORARY_ACCOUNT", "hidden": False}
CLEAR = {"option": "SUPPORT_TEMPORARY_ACCOUNT"}
SERVICES = "query Services($id: ID!) { tenant(id: $id) { services(first: 10) { totalCount nodes { status } } } }"
DEFAULTS = "{ viewer { tenant { providerOptionDefaults { option hidden customer { id } } } } }"
OTHERS = ["staff@meridian.example", "owner@alder.example", *OWN_SIDE, *STAFF]


@pytest.fixture
async def admin(client: Running, world: World) -> Client:
    return await client.as_("admin@meridian.example")


@pytest.fixture
async def expired(client: Running, world: World) -> None:
    """A third subscription of Alder & Finch, whose time is over."""
    async with client.session() as session:
        await make.subscription(session, world.alder.tenant, world.catalogue.premium, **make.validity(400))


async def statuses(client: Running, who: str, world: World) -> list[str]:
    answer = await (await client.as_(who)).query(SERVICES, id=encode("tenant", world.alder.tenant))
    found = answer.data["tenant"]["services"]
    assert found["totalCount"] == len(found["nodes"])
    return sorted(node["status"] for node in found["nodes"])


def option(payload: dict[str, Any], name: str) -> tuple[bool, str]:
    (found,) = (each for each in payload["customer"]["optionPolicies"] if each["option"] == name)
    return found["hidden"], found["source"]


async def test_B21_all_expired_services_are_hidden_from_the_customer_too(
    client: Running, world: World, admin: Client, expired: None
) -> None:
    assert await statuses(client, "owner@alder.example", world) == ["ACTIVE", "ACTIVE", "EXPIRED"]
    payload = await done(admin, EXPIRED, key=world.alder.relationship, input={"hidden": True})
    assert (payload["userErrors"], option(payload, "EXPIRED_SERVICES")) == ([], (True, "SPECIFIC"))
    for who in ("owner@alder.example", "user@alder.example", "admin@meridian.example"):
        assert await statuses(client, who, world) == ["ACTIVE", "ACTIVE"]


async def test_B22_the_platforms_staff_see_them_all_the_same(
    client: Running, world: World, admin: Client, expired: None
) -> None:
    await done(admin, EXPIRED, key=world.alder.relationship, input={"hidden": True})
    assert await statuses(client, "lead@northstar.example", world) == ["ACTIVE", "ACTIVE", "EXPIRED"]


async def test_AMB_11_what_expires_later_is_hidden_too(client: Running, world: World, admin: Client) -> None:
    await done(admin, EXPIRED, key=world.alder.relationship, input={"hidden": True})
    client.clock.advance(days=300)
    assert await statuses(client, "admin@meridian.example", world) == []


async def test_B23_they_can_be_shown_again(client: Running, world: World, admin: Client, expired: None) -> None:
    await done(admin, EXPIRED, key=world.alder.relationship, input={"hidden": True})
    payload = await done(admin, EXPIRED, key=world.alder.relationship, input={"hidden": False})
    assert option(payload, "EXPIRED_SERVICES") == (False, "SPECIFIC")
    assert await statuses(client, "owner@alder.example", world) == ["ACTIVE", "ACTIVE", "EXPIRED"]


async def test_B21_licensing_stays_so_it_works_for_a_customer_that_manages_itself(
    client: Running, world: World, admin: Client
) -> None:
    payload = await done(admin, EXPIRED, key=world.solstice.relationship, input={"hidden": True})
    assert (payload["userErrors"], option(payload, "EXPIRED_SERVICES")) == ([], (True, "SPECIFIC"))
    assert await hidden_options(client, world.solstice.tenant) == [EXPIRY]


@pytest.mark.parametrize("who", OTHERS)
async def test_B21_other_roles_hide_nothing(client: Running, world: World, who: str) -> None:
    payload = await done(await client.as_(who), EXPIRED, key=world.alder.relationship, input={"hidden": True})
    assert (payload["customer"], problems(payload)) == (None, [("FORBIDDEN", "")])
    assert await policies(client) == []


async def test_A21_a_policy_for_one_customer(client: Running, world: World, admin: Client) -> None:
    payload = await done(admin, SET_POLICY, key=world.alder.relationship, input=HIDE)
    assert payload["userErrors"] == []
    assert payload["policy"] == HIDE | {"customer": {"organizationName": "Alder & Finch"}}
    assert option(payload, "SUPPORT_TEMPORARY_ACCOUNT") == (True, "SPECIFIC")
    assert await hidden_options(client, world.alder.tenant) == [TEMPORARY]


async def test_A21_a_default_for_all_customers(client: Running, world: World, admin: Client) -> None:
    payload = await done(admin, SET_POLICY, input=HIDE)
    assert (payload["policy"], payload["customer"]) == (HIDE | {"customer": None}, None)
    defaults = (await admin.query(DEFAULTS)).data["viewer"]["tenant"]["providerOptionDefaults"]
    assert defaults == [HIDE | {"customer": None}]
    assert await hidden_options(client, world.alder.tenant) == [TEMPORARY]


async def test_A21_a_policy_for_one_customer_beats_the_default(client: Running, world: World, admin: Client) -> None:
    await done(admin, SET_POLICY, input=HIDE)
    payload = await done(admin, SET_POLICY, key=world.alder.relationship, input=OFFER)
    assert option(payload, "SUPPORT_TEMPORARY_ACCOUNT") == (False, "SPECIFIC")
    assert await hidden_options(client, world.alder.tenant) == []


async def test_A21_cleared_the_default_counts_again(client: Running, world: World, admin: Client) -> None:
    await done(admin, SET_POLICY, input=HIDE)
    await done(admin, SET_POLICY, key=world.alder.relationship, input=OFFER)
    payload = await done(admin, CLEAR_POLICY, key=world.alder.relationship, input=CLEAR)
    assert option(payload, "SUPPORT_TEMPORARY_ACCOUNT") == (True, "DEFAULT")
    await done(admin, CLEAR_POLICY, input=CLEAR)
    assert (await policies(client), await hidden_options(client, world.alder.tenant)) == ([], [])


async def test_A21_clearing_what_is_not_there_is_nothing(client: Running, world: World, admin: Client) -> None:
    payload = await done(admin, CLEAR_POLICY, input=CLEAR)
    assert (payload["userErrors"], await log(client, world.meridian.tenant)) == ([], [])


async def test_AMB_16_a_default_does_not_apply_to_a_customer_that_manages_itself(
    client: Running, world: World, admin: Client
) -> None:
    for each in ("SUPPORT_TEMPORARY_ACCOUNT", "EXPIRED_SERVICES"):
        await done(admin, SET_POLICY, input={"option": each, "hidden": True})
    payload = await done(admin, EXPIRED, key=world.solstice.relationship, input={"hidden": False})
    assert option(payload, "SUPPORT_TEMPORARY_ACCOUNT") == (False, "REGISTRY")
    assert option(payload, "EXPIRED_SERVICES") == (False, "SPECIFIC")
    assert await hidden_options(client, world.solstice.tenant) == []


async def test_AMB_16_policies_are_not_set_for_a_customer_that_manages_itself(
    client: Running, world: World, admin: Client
) -> None:
    payload = await done(admin, SET_POLICY, key=world.solstice.relationship, input=HIDE)
    assert problems(payload) == [("ACCESS_DISABLED", "customerId")]
    assert await policies(client) == []


async def test_AMB_16_after_the_change_of_mode_the_specific_choice_on_expired_services_stays(
    client: Running, world: World, admin: Client
) -> None:
    await done(admin, EXPIRED, key=world.alder.relationship, input={"hidden": True})
    await done(admin, SET_POLICY, key=world.alder.relationship, input=HIDE)
    payload = await done(admin, MODE, key=world.alder.relationship, input={"mode": "CUSTOMER"})
    assert option(payload, "EXPIRED_SERVICES") == (True, "SPECIFIC")
    assert option(payload, "SUPPORT_TEMPORARY_ACCOUNT") == (False, "REGISTRY")


async def test_the_customer_never_learns_who_hides_what(client: Running, world: World, admin: Client) -> None:
    await done(admin, SET_POLICY, key=world.alder.relationship, input=HIDE)
    await done(admin, EXPIRED, key=world.alder.relationship, input={"hidden": True})
    await done(admin, CLEAR_POLICY, key=world.alder.relationship, input=CLEAR)
    assert await log(client, world.meridian.tenant) == ["option_policy.set", "option_policy.set", "option_policy.clear"]
    assert await log(client, world.alder.tenant) == []
    owner = await client.as_("owner@alder.example")
    assert (await owner.query(DEFAULTS)).data == {"viewer": {"tenant": {"providerOptionDefaults": None}}}


async def test_an_unknown_option_is_refused(world: World, admin: Client) -> None:
    answer = await admin.query(SET_POLICY, input={"option": "EVERYTHING", "hidden": True})
    assert answer.response.status_code == 400


@pytest.mark.parametrize(("document", "given"), [(SET_POLICY, HIDE), (CLEAR_POLICY, CLEAR)])
@pytest.mark.parametrize("who", OTHERS)
async def test_A21_other_roles_set_no_policy(
    client: Running, world: World, who: str, document: str, given: dict[str, Any]
) -> None:
    async with client.session() as session:
        await make.option_policy(session, world.meridian.tenant, EXPIRY)
    payload = await done(await client.as_(who), document, input=given)
    assert problems(payload) == [("FORBIDDEN", "")]
    assert await policies(client) == [(None, EXPIRY, True)]


async def test_who_is_limited_to_groups_sets_no_default_for_the_others(client: Running, world: World) -> None:
    async with client.session() as session:
        partner, membership = world.meridian.tenant, world.meridian.staff_membership
        role = await make.custom_role(session, partner, ["option_policy:update", "option_policy:read"])
        await make.change(session, Membership, membership, custom_role_id=role)
        await make.customer_group(session, partner, world.alder.tenant, included_for=membership)
    staff = await client.as_("staff@meridian.example")
    assert problems(await done(staff, SET_POLICY, input=HIDE)) == [("FORBIDDEN", "")]
    assert problems(await done(staff, SET_POLICY, key=world.solstice.relationship, input=HIDE)) == [
        ("NOT_FOUND", "customerId")
    ]
    assert problems(await done(staff, SET_POLICY, key=world.alder.relationship, input=HIDE)) == []
    assert await policies(client) == [(world.alder.tenant, TEMPORARY, True)]


async def test_another_partners_customer_gets_no_policy(client: Running, twins: tuple[Twin, Twin]) -> None:
    left, right = twins
    admin, key = await client.as_(left.partner.admin), right.customers[0].customer.relationship
    before = await policies(client)
    for document, given in ((SET_POLICY, HIDE), (EXPIRED, {"hidden": True})):
        assert problems(await done(admin, document, key=key, input=given)) == [("NOT_FOUND", "customerId")]
    assert await policies(client) == before


async def test_a_partners_user_does_not_see_why(client: Running, world: World) -> None:
    document = "query One($id: ID!) { customer(id: $id) { optionPolicies { source } } }"
    staff = await client.as_("staff@meridian.example")
    found = (await staff.query(document, id=encode("customer", world.alder.relationship))).data["customer"]
    assert found == {"optionPolicies": None}
