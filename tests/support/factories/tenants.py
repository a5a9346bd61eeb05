"""Organisations and people."""

from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from authz.roles import Role
from domain.base import new_id
from domain.tenants.model import (
    CustomRole,
    Membership,
    MembershipServiceScope,
    PartnerType,
    Tenant,
    TenantKind,
    TenantSecuritySettings,
    User,
)
from domain.tenants.reach import CustomerGroup, CustomerGroupMember, MembershipCustomerGroup
from tests.support.factories.adding import add, add_plain


async def tenant(
    session: AsyncSession, name: str = "Alder & Finch", kind: TenantKind = TenantKind.CUSTOMER, **values: Any
) -> UUID:
    """An organisation; a partner is a DIRECT one unless `partner_type` says otherwise."""
    key = values.setdefault("id", new_id())
    if kind is TenantKind.PARTNER:
        values.setdefault("partner_type", PartnerType.DIRECT)
    return await add(session, Tenant, **({"name": name, "kind": kind, "slug": f"tenant-{key.hex}"} | values))


async def security_settings(session: AsyncSession, tenant_id: UUID, **values: Any) -> None:
    """Administration > Security of a tenant (A22, A31)."""
    await add_plain(session, TenantSecuritySettings, tenant_id=tenant_id, **({"trusted_ips": []} | values))


async def user(session: AsyncSession, email: str | None = None, **values: Any) -> UUID:
    """An account without a password; its name is made of its address."""
    address = email or f"{new_id().hex}@alder.example"
    first, _, rest = address.partition("@")
    names = {"first_name": first.capitalize(), "last_name": rest.partition(".")[0].capitalize()}
    return await add(session, User, **({"email": address} | names | values))


async def membership(session: AsyncSession, tenant_id: UUID, user_id: UUID, role: Role, **values: Any) -> UUID:
    """A user's role in a tenant."""
    return await add(session, Membership, tenant_id=tenant_id, user_id=user_id, role=role, **values)


async def person(session: AsyncSession, tenant_id: UUID, role: Role, email: str | None = None, **values: Any) -> UUID:
    """An account with a membership; `values` are the membership's. The user's id."""
    user_id = await user(session, email)
    await membership(session, tenant_id, user_id, role, **values)
    return user_id


async def custom_role(
    session: AsyncSession, tenant_id: UUID, permissions: list[str], denied: list[str] | None = None, **values: Any
) -> UUID:
    """A tenant's own role, of permission keys and categories."""
    given = {"name": f"Role {new_id().hex}", "permissions": permissions, "denied_permissions": denied or []}
    return await add(session, CustomRole, tenant_id=tenant_id, **(given | values))


async def service_scope(session: AsyncSession, tenant_id: UUID, membership_id: UUID, *service_ids: UUID) -> None:
    """The services of an application administrator (A2)."""
    for service_id in service_ids:
        await add_plain(
            session,
            MembershipServiceScope,
            tenant_id=tenant_id,
            membership_id=membership_id,
            service_id=service_id,
        )


async def customer_group(
    session: AsyncSession,
    partner_id: UUID,
    *customer_ids: UUID,
    included_for: UUID | None = None,
    excluded_for: UUID | None = None,
) -> UUID:
    """A group of a partner's customers, which limits the reach of the memberships given."""
    group = await add(session, CustomerGroup, tenant_id=partner_id, name=f"Group {new_id().hex}")
    for customer_id in customer_ids:
        await add_plain(
            session, CustomerGroupMember, tenant_id=partner_id, group_id=group, customer_tenant_id=customer_id
        )
    for membership_id, excluded in ((included_for, False), (excluded_for, True)):
        if membership_id is not None:
            await add_plain(
                session,
                MembershipCustomerGroup,
                tenant_id=partner_id,
                group_id=group,
                membership_id=membership_id,
                excluded=excluded,
            )
    return group


async def change(session: AsyncSession, model: Any, key: UUID, **values: Any) -> None:
    """Change columns of a row behind the application's back."""
    await session.execute(update(model).where(model.id == key).values(**values))
