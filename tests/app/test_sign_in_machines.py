"""API tokens: a machine acts with a role, as far as its token's scopes go (K6)."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from authz.enforcer import permissions_of
from authz.errors import NotFoundError, UnauthenticatedError
from authz.permissions import Permission
from authz.powers import PrincipalKind
from authz.roles import Role
from domain.tenants.credentials import ApiToken, ServicePrincipal
from domain.tenants.model import Tenant, TenantStatus
from execution.ids import encode
from tests.support import factories as make
from tests.support.app import Running
from tests.support.world import World

SERVICE = "query ($id: ID!) { node(id: $id) { id } }"


class Machine:
    """A service principal and its token."""

    def __init__(self, principal: UUID, token: UUID, secret: str) -> None:
        self.principal = principal
        self.token = token
        self.secret = secret


@pytest.fixture
async def machine(client: Running, world: World) -> Machine:
    """An owner's machine that may read tickets and services, and has a scope that its role does not hold."""
    return await make_machine(client, world, Role.TENANT_OWNER, ["ticket:read", "service:read", "ticket:assign"])


async def make_machine(client: Running, world: World, role: Role, scopes: list[str]) -> Machine:
    async with client.session() as session:
        principal = await make.service_principal(session, world.alder.tenant, role, name="Nightly report")
        return Machine(principal, *await make.api_token(session, world.alder.tenant, principal, scopes))


async def test_K6_the_machine_acts_in_its_tenant(client: Running, world: World, machine: Machine) -> None:
    actor = await client.sign_in.authentication.actor(machine.secret)

    assert (actor.principal, actor.user_id) == (PrincipalKind.SERVICE_PRINCIPAL, machine.principal)
    assert (actor.name, actor.tenant_id, actor.role) == ("Nightly report", world.alder.tenant, Role.TENANT_OWNER)


async def test_K6_scopes_cap_what_the_role_holds(client: Running, machine: Machine) -> None:
    actor = await client.sign_in.authentication.actor(machine.secret)

    assert actor.powers.permissions == {Permission.TICKET_READ, Permission.SERVICE_READ}


@pytest.mark.parametrize("scope", ["*:*", "ticket:*", "TENANT_OWNER", "ADMINISTRATION", ""])
async def test_K6_a_scope_that_is_no_permission_gives_nothing(client: Running, world: World, scope: str) -> None:
    machine = await make_machine(client, world, Role.TENANT_OWNER, [scope])

    assert (await client.sign_in.authentication.actor(machine.secret)).powers.permissions == frozenset()


async def test_K6_a_scope_gives_nothing_that_the_role_lacks(client: Running, world: World) -> None:
    machine = await make_machine(client, world, Role.STANDARD_USER, [each.value for each in Permission])

    actor = await client.sign_in.authentication.actor(machine.secret)

    assert actor.powers.permissions == permissions_of((Role.STANDARD_USER.value,))


async def test_K6_it_is_answered_over_http(client: Running, world: World, machine: Machine) -> None:
    node = encode("service", world.catalogue.backup)

    answer = await client.with_token(machine.secret).query(SERVICE, id=node)

    assert answer.data == {"node": {"id": node}}


async def test_K6_what_its_scopes_leave_out_is_forbidden(client: Running, world: World) -> None:
    machine = await make_machine(client, world, Role.TENANT_OWNER, ["ticket:read"])

    answer = await client.with_token(machine.secret).query(SERVICE, id=encode("service", world.catalogue.backup))

    assert answer.codes == ["FORBIDDEN"]


async def test_K6_a_partners_machine_reaches_no_further_than_its_scopes(client: Running, world: World) -> None:
    async with client.session() as session:
        tenant = world.meridian.tenant
        principal = await make.service_principal(session, tenant, Role.PARTNER_ADMIN)
        _, secret = await make.api_token(session, tenant, principal, ["customer:read", "ticket:read"])

    actor = await client.sign_in.authentication.actor(secret)

    assert actor.powers.managed == {Permission.CUSTOMER_READ, Permission.TICKET_READ}
    assert actor.powers.licensed == {Permission.CUSTOMER_READ}


async def test_K6_a_token_expires(client: Running, machine: Machine) -> None:
    client.clock.advance(days=31)

    with pytest.raises(UnauthenticatedError):
        await client.sign_in.authentication.actor(machine.secret)


async def test_K6_a_revoked_token_is_refused_at_once(client: Running, machine: Machine) -> None:
    async with client.session() as session:
        await make.change(session, ApiToken, machine.token, revoked_at=client.clock.now)

    answer = await client.with_token(machine.secret).query("{ __typename }")

    assert (answer.response.status_code, answer.codes) == (401, ["UNAUTHENTICATED"])


async def test_K6_a_disabled_machine_is_refused(client: Running, machine: Machine) -> None:
    async with client.session() as session:
        await make.change(session, ServicePrincipal, machine.principal, disabled_at=client.clock.now)

    with pytest.raises(UnauthenticatedError):
        await client.sign_in.authentication.actor(machine.secret)


async def test_K6_a_machine_of_a_suspended_tenant_is_refused(client: Running, world: World, machine: Machine) -> None:
    async with client.session() as session:
        await make.change(session, Tenant, world.alder.tenant, status=TenantStatus.SUSPENDED)

    with pytest.raises(UnauthenticatedError):
        await client.sign_in.authentication.actor(machine.secret)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.PARTNER_ADMIN, Role.TEMPORARY_SUPPORT])
async def test_K6_a_role_that_is_not_of_its_tenants_kind_is_refused(client: Running, world: World, role: Role) -> None:
    machine = await make_machine(client, world, role, ["ticket:read"])

    with pytest.raises(UnauthenticatedError):
        await client.sign_in.authentication.actor(machine.secret)


async def test_K6_a_machine_acts_in_no_other_tenant(client: Running, world: World, machine: Machine) -> None:
    with pytest.raises(NotFoundError):
        await client.sign_in.authentication.actor(machine.secret, world.lone_pine.tenant)


async def test_K6_its_use_is_noted_once_a_minute(client: Running, machine: Machine) -> None:
    noted = []
    for seconds in (0, 30, 29, 2):
        client.clock.advance(seconds=seconds)
        await client.sign_in.authentication.actor(machine.secret)
        async with client.session() as session:
            used = select(ApiToken.last_used_at).where(ApiToken.id == machine.token)
            noted.append((await session.execute(used)).scalar_one())

    begin = noted[0]
    assert begin is not None
    assert noted == [begin, begin, begin, begin + timedelta(seconds=61)]


async def test_K6_a_machines_token_signs_nobody_in(client: Running, machine: Machine) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": machine.secret}

    assert (await client.http.post("/auth/token", data=form)).status_code == 400


async def test_K6_tokens_are_stored_hashed(client: Running, machine: Machine) -> None:
    async with client.session() as session:
        stored = (await session.execute(select(ApiToken.token_hash).where(ApiToken.id == machine.token))).scalar_one()

    assert (len(stored), machine.secret in stored) == (64, False)
