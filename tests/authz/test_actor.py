"""Who acts: what one statement makes of a signed-in user in a tenant (AMB-34, spec 5)."""

from typing import Any

import pytest

from app.sign_in.access_tokens import Claims
from authz.actor import Actor
from authz.enforcer import permissions_of
from authz.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from authz.permissions import Permission
from authz.powers import PrincipalKind
from authz.roles import Role
from domain.tenants.model import (
    Membership,
    MembershipStatus,
    OrganizationTicketAccess,
    Tenant,
    TenantStatus,
    User,
    UserStatus,
)
from domain.tenants.principals import TenantRequiredError
from execution.ids import encode
from tests.support import factories as make
from tests.support.app import Client, Running
from tests.support.world import World

SERVICE = "query ($id: ID!) { node(id: $id) { id } }"
CUSTOMIZED = Role.CUSTOMIZED_ADMINISTRATOR


async def actor_of(client: Running, who: Any, tenant: Any = None) -> Actor:
    """The actor that a user is, by address or id."""
    signed_in = await client.as_(who)
    assert signed_in.token is not None
    return await client.sign_in.authentication.actor(signed_in.token, tenant)


async def test_AMB34_a_request_acts_in_the_only_tenant_of_its_user(client: Running, world: World) -> None:
    actor = await actor_of(client, "owner@alder.example")

    assert (actor.principal, actor.user_id) == (PrincipalKind.USER, world.alder.owner)
    assert (actor.tenant_id, actor.tenant_name) == (world.alder.tenant, "Alder & Finch")
    assert (actor.role, actor.environment) == (Role.TENANT_OWNER, "COMMERCIAL")
    assert actor.now == client.clock.now


async def test_AMB34_several_memberships_need_a_choice(client: Running, world: World) -> None:
    async with client.session() as session:
        await make.membership(session, world.lone_pine.tenant, world.alder.user, Role.STANDARD_USER)
    user = await client.as_("user@alder.example")

    answer = await user.query(SERVICE, id="x")

    assert (answer.response.status_code, answer.codes) == (400, ["TENANT_REQUIRED"])
    assert answer.body["errors"][0]["extensions"]["tenantIds"] == [
        encode("tenant", world.alder.tenant),
        encode("tenant", world.lone_pine.tenant),
    ]


async def test_AMB34_the_header_chooses_among_them(client: Running, world: World) -> None:
    async with client.session() as session:
        await make.membership(session, world.lone_pine.tenant, world.alder.user, Role.SERVICE_ADMINISTRATOR)

    actor = await actor_of(client, world.alder.user, world.lone_pine.tenant)

    assert (actor.tenant_id, actor.role) == (world.lone_pine.tenant, Role.SERVICE_ADMINISTRATOR)


@pytest.mark.parametrize("named", ["tenant_0123", "ticket_" + "0" * 32, "", "tenant_" + "0" * 32])
async def test_AMB34_a_tenant_that_is_none_is_not_found(client: Running, world: World, named: str) -> None:
    owner = await client.as_("owner@alder.example", tenant=named)

    answer = await owner.query(SERVICE, id=encode("service", world.catalogue.backup))

    assert answer.codes == ["NOT_FOUND"]
    assert "data" not in answer.body


async def test_AMB34_a_foreign_tenant_is_not_found(client: Running, world: World) -> None:
    owner = await client.as_("owner@alder.example", tenant=world.lone_pine.tenant)

    assert (await owner.query(SERVICE, id="x")).codes == ["NOT_FOUND"]


async def test_AMB34_a_partner_does_not_act_in_its_customers_tenant(client: Running, world: World) -> None:
    admin = await client.as_("admin@meridian.example", tenant=world.alder.tenant)

    assert (await admin.query(SERVICE, id="x")).codes == ["NOT_FOUND"]


async def test_a_membership_that_is_disabled_does_not_count(client: Running, world: World) -> None:
    async with client.session() as session:
        other = await make.tenant(session, "Elsewhere")
        await make.membership(session, other, world.alder.user, Role.TENANT_OWNER, status=MembershipStatus.DISABLED)

    assert (await actor_of(client, world.alder.user)).tenant_id == world.alder.tenant


async def test_a_suspended_tenant_does_not_count(client: Running, world: World) -> None:
    async with client.session() as session:
        await make.change(session, Tenant, world.alder.tenant, status=TenantStatus.SUSPENDED)

    with pytest.raises(ForbiddenError):
        await actor_of(client, world.alder.user)


@pytest.mark.parametrize("status", [UserStatus.DISABLED, UserStatus.DELETED, UserStatus.PENDING_PASSWORD])
async def test_an_account_that_is_not_active_is_refused_at_once(
    client: Running, world: World, status: UserStatus
) -> None:
    owner = await client.as_("owner@alder.example")
    async with client.session() as session:
        await make.change(session, User, world.alder.owner, status=status)

    answer = await owner.query(SERVICE, id="x")

    assert (answer.response.status_code, answer.codes) == (401, ["UNAUTHENTICATED"])


async def test_a_session_ends_when_its_time_is_over(client: Running, world: World) -> None:
    async with client.session() as session:
        key = await make.signed_in(session, world.alder.owner, expires_at=client.clock.now)

    with pytest.raises(UnauthenticatedError):
        await _by_session(client, world.alder.owner, key)


async def test_a_session_of_somebody_else_is_refused(client: Running, world: World) -> None:
    async with client.session() as session:
        key = await make.signed_in(session, world.alder.owner)

    with pytest.raises(UnauthenticatedError):
        await _by_session(client, world.alder.user, key)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.AGENT_LEAD, Role.PARTNER_ADMIN, Role.TEMPORARY_SUPPORT])
async def test_a_role_that_is_not_of_its_tenants_kind_counts_for_nothing(
    client: Running, world: World, role: Role
) -> None:
    async with client.session() as session:
        who = await make.person(session, world.alder.tenant, role)

    with pytest.raises(ForbiddenError):
        await actor_of(client, who)


async def test_A2_an_application_administrator_has_its_services(client: Running, world: World) -> None:
    actor = await actor_of(client, "apps@alder.example")

    assert (actor.powers.limited_to_services, actor.service_ids) == (True, frozenset({world.catalogue.backup}))


async def test_A2_no_service_in_scope_is_nothing(client: Running, world: World) -> None:
    async with client.session() as session:
        who = await make.person(session, world.alder.tenant, Role.APPLICATION_ADMINISTRATOR)

    actor = await actor_of(client, who)

    assert (actor.powers.limited_to_services, actor.service_ids) == (True, frozenset())


async def test_other_roles_have_no_service_scope(client: Running, world: World) -> None:
    assert not (await actor_of(client, "service@alder.example")).powers.limited_to_services


async def test_a_custom_role_adds_a_category(client: Running, world: World) -> None:
    actor = await actor_of(client, "custom@alder.example")

    assert actor.holds(Permission.SECURITY_UPDATE)
    assert not actor.holds(Permission.USER_INVITE)


async def test_a_denial_beats_what_the_role_holds(client: Running, world: World) -> None:
    tenant = world.alder.tenant
    async with client.session() as session:
        role = await make.custom_role(session, tenant, ["audit:read"], ["support:invite"])
        who = await make.person(session, tenant, CUSTOMIZED, custom_role_id=role)

    actor = await actor_of(client, who)

    assert actor.holds(Permission.AUDIT_READ)
    assert not actor.holds(Permission.SUPPORT_INVITE)


@pytest.mark.parametrize("key", ["TENANT_OWNER", "*:*", "user:*", "AGENT_LEAD", "nothing:at_all"])
async def test_a_custom_role_gives_only_what_the_catalogue_knows(client: Running, world: World, key: str) -> None:
    tenant = world.alder.tenant
    async with client.session() as session:
        role = await make.custom_role(session, tenant, [key])
        who = await make.person(session, tenant, CUSTOMIZED, custom_role_id=role)

    assert (await actor_of(client, who)).powers.permissions == permissions_of((CUSTOMIZED.value,))


@pytest.mark.parametrize("key", ["entitlement:adjust", "ticket:assign", "ticket:close_nondecrement", "customer:read"])
async def test_spec_5_1_a_custom_role_gives_no_more_than_the_owner_holds(
    client: Running, world: World, key: str
) -> None:
    tenant = world.alder.tenant
    async with client.session() as session:
        role = await make.custom_role(session, tenant, [key])
        who = await make.person(session, tenant, CUSTOMIZED, custom_role_id=role)

    assert (await actor_of(client, who)).powers.permissions == permissions_of((CUSTOMIZED.value,))


async def test_a_denied_category_denies_all_of_it(client: Running, world: World) -> None:
    tenant = world.alder.tenant
    async with client.session() as session:
        role = await make.custom_role(session, tenant, ["security:read", "user:read"], ["ADMINISTRATION"])
        who = await make.person(session, tenant, CUSTOMIZED, custom_role_id=role)

    actor = await actor_of(client, who)

    assert actor.holds(Permission.USER_READ)
    assert not actor.holds(Permission.SECURITY_READ)


async def test_a_custom_role_does_nothing_for_a_standard_user(client: Running, world: World) -> None:
    tenant = world.alder.tenant
    async with client.session() as session:
        role = await make.custom_role(session, tenant, ["ADMINISTRATION"])
        who = await make.person(session, tenant, Role.STANDARD_USER, custom_role_id=role)

    assert not (await actor_of(client, who)).holds(Permission.SECURITY_READ)


async def test_a_custom_role_of_another_tenant_does_nothing(client: Running, world: World) -> None:
    async with client.session() as session:
        role = await make.custom_role(session, world.lone_pine.tenant, ["ADMINISTRATION"])
        who = await make.person(session, world.alder.tenant, CUSTOMIZED, custom_role_id=role)

    assert not (await actor_of(client, who)).holds(Permission.SECURITY_READ)


async def test_a_partner_reaches_less_where_it_only_licenses(client: Running, world: World) -> None:
    actor = await actor_of(client, "admin@meridian.example")

    assert (actor.powers.partner_type, actor.role) == ("DIRECT", Role.PARTNER_ADMIN)
    assert Permission.TICKET_READ in actor.powers.managed
    assert Permission.TICKET_READ not in actor.powers.licensed
    assert Permission.SUBSCRIPTION_UPDATE in actor.powers.licensed
    assert Permission.SECURITY_UPDATE not in actor.powers.managed


async def test_a_partners_user_reaches_no_further_than_its_own_role(client: Running, world: World) -> None:
    actor = await actor_of(client, "staff@meridian.example")

    assert Permission.SUPPORT_INVITE not in actor.powers.managed
    assert Permission.SUBSCRIPTION_UPDATE not in actor.powers.licensed


async def test_customers_reach_nobody_elses(client: Running, world: World) -> None:
    actor = await actor_of(client, "owner@alder.example")

    assert (actor.powers.managed, actor.powers.licensed, actor.powers.partner_type) == (frozenset(), frozenset(), None)


async def test_customer_groups_limit_a_partners_user(client: Running, world: World) -> None:
    async with client.session() as session:
        await make.customer_group(
            session, world.meridian.tenant, world.alder.tenant, included_for=world.meridian.staff_membership
        )

    assert (await actor_of(client, "staff@meridian.example")).powers.grouped is True
    assert (await actor_of(client, "admin@meridian.example")).powers.grouped is False


@pytest.mark.parametrize(
    ("access", "expected"),
    [
        (OrganizationTicketAccess.NONE, (False, False)),
        (OrganizationTicketAccess.VIEW, (True, False)),
        (OrganizationTicketAccess.VIEW_AND_REPLY, (True, True)),
    ],
)
async def test_AMB6_colleagues_may_do_what_the_setting_says(
    client: Running, world: World, access: OrganizationTicketAccess, expected: tuple[bool, bool]
) -> None:
    async with client.session() as session:
        tenant = await make.tenant(session)
        await make.security_settings(session, tenant, organization_ticket_access=access)
        who = await make.person(session, tenant, Role.STANDARD_USER)

    actor = await actor_of(client, who)

    assert (actor.powers.organization_tickets, actor.powers.organization_replies) == expected


async def test_a_changed_role_holds_from_the_next_request_on(client: Running, world: World) -> None:
    before = await actor_of(client, "colleague@alder.example")
    assert before.membership_id is not None
    async with client.session() as session:
        await make.change(session, Membership, before.membership_id, role=Role.SERVICE_ADMINISTRATOR)

    assert (await actor_of(client, "colleague@alder.example")).holds(Permission.SUPPORT_INVITE)


async def test_nobody_may_ask_nothing(client: Running, world: World) -> None:
    answer = await client.nobody.query(SERVICE, id=encode("service", world.catalogue.backup))

    assert answer.codes == ["UNAUTHENTICATED"]
    assert answer.body["data"] == {"node": None}


@pytest.mark.parametrize("header", ["Basic YTpi", "Bearer", "Bearer ", "Token x", "bwk_x"])
async def test_other_credentials_are_refused(client: Running, header: str) -> None:
    response = await client.http.post("/graphql", json={"query": "{ __typename }"}, headers={"authorization": header})

    assert (response.status_code, Client(client.http).token) == (401, None)
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_foreign_tenant_is_refused_before_it_is_looked_at(client: Running, world: World) -> None:
    with pytest.raises(NotFoundError):
        await actor_of(client, world.alder.owner, world.solstice.tenant)


async def test_a_choice_lists_only_what_counts(client: Running, world: World) -> None:
    async with client.session() as session:
        for name in ("One", "Two"):
            await make.membership(session, await make.tenant(session, name), world.alder.user, Role.STANDARD_USER)
        suspended = await make.tenant(session, "Three", status=TenantStatus.SUSPENDED)
        await make.membership(session, suspended, world.alder.user, Role.STANDARD_USER)

    with pytest.raises(TenantRequiredError) as refusal:
        await actor_of(client, world.alder.user)

    assert len(refusal.value.extensions["tenantIds"]) == 3
    assert encode("tenant", suspended) not in refusal.value.extensions["tenantIds"]


async def _by_session(client: Running, user_id: Any, session_id: Any) -> Actor:
    token, _ = await client.sign_in.tokens.issue(Claims(user_id, session_id))
    return await client.sign_in.authentication.actor(token)
