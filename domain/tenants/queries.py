"""Every SELECT of tenants and the people in them."""

from typing import Any

from sqlalchemy import Select, Uuid, and_, case, cast
from sqlalchemy.orm import aliased

from authz import binds
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from authz.powers import Powers
from authz.roles import Role
from domain.tenants.model import (
    Membership,
    MembershipStatus,
    Tenant,
    TenantSecuritySettings,
    TenantStatus,
    User,
)
from domain.tenants.reach import own_tenant
from execution.paging import Key, Listing
from execution.relation import Parents

PERSON = (User.id, User.email, User.first_name, User.last_name)


@requires(Permission.TENANT_READ)
def by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Tenants by their ids.

    `secured_tenant_id` leads to the security settings and is null for those who may not read them (A31);
    `hiding_tenant_id` to what a partner hides by default, and is null for everyone but that partner.
    """
    tenant = Tenant
    columns = (
        tenant.id,
        tenant.kind,
        tenant.name,
        tenant.environment,
        tenant.country,
        tenant.status,
        tenant.partner_type,
        tenant.version,
        tenant.created_at,
        _own_with(grant.powers, Permission.SECURITY_READ).label("secured_tenant_id"),
        _own_with(grant.powers, Permission.OPTION_POLICY_READ).label("hiding_tenant_id"),
    )
    return grant.select(tenant, *columns).where(parents.match(tenant.id))


@requires(Permission.TENANT_READ)
def users_by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """People by their ids."""
    return grant.select(User, *PERSON).where(parents.match(User.id))


@requires(Permission.TENANT_READ)
def owner_of_tenants(grant: Grant, parents: Parents) -> Select[Any]:
    """The owner of each of these tenants (A10)."""
    ownership = aliased(Membership)
    owns = and_(ownership.user_id == User.id, ownership.role == Role.TENANT_OWNER)
    statement = grant.select(User, *PERSON).join(ownership, owns)
    return statement.where(parents.match(ownership.tenant_id), ownership.visible_to(grant.powers))


@requires(Permission.SECURITY_READ)
def security_of_tenants(grant: Grant, parents: Parents) -> Select[Any]:
    """Administration > Security of the acting tenant (A31); nobody reads another's."""
    settings = TenantSecuritySettings
    own = own_tenant(settings.tenant_id)
    return grant.rows_of(settings).where(parents.match(settings.tenant_id), own)


@requires(Permission.TENANT_READ)
def memberships_of_users(grant: Grant, parents: Parents) -> Listing:
    """Where the acting user may act (AMB-34), with no more of those tenants than it takes to choose one."""
    columns = (
        Membership.user_id,
        Membership.role,
        Tenant.id.label("tenant_id"),
        Tenant.name.label("tenant_name"),
        Tenant.kind.label("tenant_kind"),
        Tenant.environment.label("tenant_environment"),
    )
    statement = (
        grant.select(Membership, *columns)
        .join(Tenant, Tenant.id == Membership.tenant_id)
        .where(
            parents.match(Membership.user_id),
            Membership.user_id == binds.USER,
            Membership.status == MembershipStatus.ACTIVE,
            Tenant.status == TenantStatus.ACTIVE,
        )
    )
    return Listing(statement, (Key(Tenant.name), Key(Tenant.id)))


def _own_with(powers: Powers, permission: Permission) -> Any:
    """The acting tenant's own id, for those who hold the act; null for everyone and everything else."""
    return case((own_tenant(Tenant.id), Tenant.id)) if powers.holds(permission) else cast(None, Uuid())
