"""From who signed in to who acts: one statement finds everything that the rules of a request ask of its actor (AMB-34).

These statements run in the sign-in scope, before the acting tenant is known. Whatever can end an access is looked at
here, at every request: nothing needs to expire from a cache.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, and_, bindparam, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from authz.actor import Actor
from authz.enforcer import permissions_of
from authz.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from authz.permissions import Category, Permission
from authz.powers import Powers, PrincipalKind
from authz.roles import CUSTOMER_ROLES, PARTNER_ROLES, PLATFORM_ROLES, DerivedRole, Role
from domain.tenants.credentials import SignInSession
from domain.tenants.model import (
    CustomRole,
    Membership,
    MembershipServiceScope,
    MembershipStatus,
    OrganizationTicketAccess,
    Tenant,
    TenantKind,
    TenantSecuritySettings,
    TenantStatus,
    User,
    UserStatus,
)
from domain.tenants.reach import MembershipCustomerGroup
from execution.errors import PublicError
from execution.ids import encode

ROLES_OF = {
    TenantKind.PLATFORM: PLATFORM_ROLES,
    TenantKind.PARTNER: PARTNER_ROLES,
    TenantKind.CUSTOMER: CUSTOMER_ROLES,
}
KEYS = frozenset({*Permission, *Category})
CUSTOMIZABLE = {Role.CUSTOMIZED_ADMINISTRATOR: Role.TENANT_OWNER, Role.PARTNER_USER: Role.PARTNER_ADMIN}
"""Roles to which a custom role adds, each with the role beyond whose acts it never goes: nobody gives more."""
READING = frozenset({OrganizationTicketAccess.VIEW, OrganizationTicketAccess.VIEW_AND_REPLY})
CHOSEN = bindparam("chosen_tenant_id", type_=Uuid())
TENANT_COLUMNS = (
    Tenant.id.label("tenant_id"),
    Tenant.name.label("tenant_name"),
    Tenant.kind.label("tenant_kind"),
    Tenant.environment,
    Tenant.partner_type,
    TenantSecuritySettings.organization_ticket_access,
)


class TenantRequiredError(PublicError):
    """The user has several memberships and the request does not say in which tenant it acts (AMB-34)."""

    code = "TENANT_REQUIRED"

    def __init__(self, tenant_ids: Sequence[UUID]) -> None:
        ids = [encode("tenant", key) for key in tenant_ids]
        super().__init__("Say in which tenant you act, with the header Bailiwick-Tenant.", tenantIds=ids)


def places() -> Select[Any]:
    """Where users act: their active memberships in active tenants, each with what limits or widens its role."""
    services = select(MembershipServiceScope.service_id).where(MembershipServiceScope.membership_id == Membership.id)
    return (
        select(
            Membership.user_id,
            Membership.id.label("membership_id"),
            Membership.role,
            CustomRole.name.label("custom_role"),
            CustomRole.permissions,
            CustomRole.denied_permissions,
            func.array(services.scalar_subquery()).label("service_ids"),
            exists().where(MembershipCustomerGroup.membership_id == Membership.id).label("grouped"),
            *TENANT_COLUMNS,
        )
        .join(Tenant, and_(Tenant.id == Membership.tenant_id, Tenant.status == TenantStatus.ACTIVE))
        .outerjoin(
            CustomRole, and_(CustomRole.id == Membership.custom_role_id, CustomRole.tenant_id == Membership.tenant_id)
        )
        .outerjoin(TenantSecuritySettings, TenantSecuritySettings.tenant_id == Tenant.id)
        .where(Membership.status == MembershipStatus.ACTIVE)
    )


def _of_user() -> Select[Any]:
    """A row for each tenant in which the user of a live session may act; one without a tenant where there is none."""
    mine = Membership.user_id == bindparam("user_id", type_=Uuid())
    place = places().where(mine, or_(CHOSEN.is_(None), Tenant.id == CHOSEN)).subquery("place")
    return (
        select(
            SignInSession.id.label("session_id"),
            User.id.label("principal_id"),
            User.first_name,
            User.last_name,
            User.email,
            User.email_verified_at,
            *(column for column in place.c if column.key != "user_id"),
        )
        .join(User, and_(User.id == SignInSession.user_id, User.status == UserStatus.ACTIVE))
        .outerjoin(place, place.c.user_id == User.id)
        .where(
            SignInSession.id == bindparam("session_id", type_=Uuid()),
            SignInSession.user_id == bindparam("user_id", type_=Uuid()),
            SignInSession.revoked_at.is_(None),
            SignInSession.expires_at > bindparam("now"),
        )
        .order_by(place.c.membership_id)
    )


OF_USER = _of_user()


async def user_actor(
    session: AsyncSession, session_id: UUID, user_id: UUID, chosen: UUID | None, now: datetime, **seen: Any
) -> Actor:
    """The actor of a signed-in user in the `chosen` tenant, or in the only one of its memberships.

    `seen` are the facts of the request: `ip_address` and `request_id`.
    """
    values = {"session_id": session_id, "user_id": user_id, "chosen_tenant_id": chosen, "now": now}
    rows = (await session.execute(OF_USER, values)).mappings().all()
    if not rows:
        raise UnauthenticatedError("The session has ended: sign in again.")
    row = _place(rows, chosen)
    role: Role = row["role"]
    granted, denied = customization(row)
    permissions = permissions_of((role.value,), granted, denied)
    if role in CUSTOMIZABLE:
        permissions &= permissions_of((CUSTOMIZABLE[role].value,))
    return Actor(
        powers=powers_of(row, PrincipalKind.USER, permissions, grouped=role is Role.PARTNER_USER and row["grouped"]),
        name=f"{row['first_name']} {row['last_name']}".strip(),
        email=row["email"],
        email_verified=row["email_verified_at"] is not None,
        membership_id=row["membership_id"],
        session_id=row["session_id"],
        service_ids=frozenset(row["service_ids"]),
        now=now,
        **standing(row),
        **seen,
    )


def counts(row: Mapping[str, Any]) -> bool:
    """Whether a role is one of its tenant's kind: no other counts for anything."""
    return row["role"] in ROLES_OF[row["tenant_kind"]]


def customization(row: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a custom role adds and denies, for the roles that have one (spec 5.1).

    Only keys of the catalogue count: a wildcard or a role's name in a stored role would be more than anybody may give.
    """
    if row["role"] not in CUSTOMIZABLE:
        return (), ()
    granted = (key for key in row["permissions"] or () if key in KEYS)
    return tuple(granted), tuple(_denied(row["denied_permissions"] or ()))


def _denied(keys: Iterable[str]) -> Iterator[str]:
    """The permissions that are denied; a denied category denies all of its."""
    for key in keys:
        yield from permissions_of((), (key,)) if key in Category.__members__ else (key,)


def _place(rows: Sequence[Mapping[str, Any]], chosen: UUID | None) -> Mapping[str, Any]:
    """The row of the acting tenant."""
    found = [row for row in rows if row["tenant_id"] and counts(row)]
    if len(found) > 1:
        raise TenantRequiredError([row["tenant_id"] for row in found])
    if found:
        return found[0]
    if chosen is not None:
        raise NotFoundError
    raise ForbiddenError("Your account is not a member of any organization.")


def powers_of(
    row: Mapping[str, Any], principal: PrincipalKind, permissions: frozenset[Permission], *, grouped: bool = False
) -> Powers:
    """What a principal may do with these permissions, as its role, its tenant and that tenant's settings have it."""
    role: Role = row["role"]
    partner = role in PARTNER_ROLES
    access = row["organization_ticket_access"] or OrganizationTicketAccess.VIEW_AND_REPLY
    return Powers(
        principal=principal,
        role=role,
        permissions=permissions,
        partner_type=row["partner_type"].value if row["partner_type"] else None,
        managed=permissions & permissions_of((DerivedRole.PARTNER_MANAGED.value,)) if partner else frozenset(),
        licensed=permissions & permissions_of((DerivedRole.PARTNER_LICENSING.value,)) if partner else frozenset(),
        limited_to_services=role is Role.APPLICATION_ADMINISTRATOR,
        grouped=grouped,
        organization_tickets=access in READING,
        organization_replies=access is OrganizationTicketAccess.VIEW_AND_REPLY,
    )


def standing(row: Mapping[str, Any]) -> dict[str, Any]:
    """Who both kinds of principals are, and where they act."""
    return {
        "user_id": row["principal_id"],
        "tenant_id": row["tenant_id"],
        "tenant_name": row["tenant_name"],
        "environment": row["environment"].value,
    }
