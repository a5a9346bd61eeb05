"""From who signed in to who acts: one round trip finds all that the rules of a request ask of its actor (AMB-34).

The database's functions work in the sign-in scope, before the acting tenant is known. Whatever can end an access is
looked at in them, at every request: nothing needs to expire from a cache.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from asyncpg import Record
from sqlalchemy import RowMapping, text

from authz.actor import Actor
from authz.enforcer import permissions_of
from authz.errors import ForbiddenError, NotFoundError, UnauthenticatedError
from authz.permissions import Category, Permission
from authz.powers import Powers, PrincipalKind
from authz.roles import CUSTOMER_ROLES, PARTNER_ROLES, PLATFORM_ROLES, DerivedRole, Role
from domain.tenants.model import OrganizationTicketAccess, TenantKind, User
from domain.tenants.trusted_ips import demand_trusted
from execution.errors import PublicError
from execution.ids import encode
from tenancy.database import Database
from tenancy.scope import person_scope

ROLES_OF = {
    TenantKind.PLATFORM: PLATFORM_ROLES,
    TenantKind.PARTNER: PARTNER_ROLES,
    TenantKind.CUSTOMER: CUSTOMER_ROLES | {Role.PARTICIPANT},
}
KEYS = frozenset({*Permission, *Category})
CUSTOMIZABLE = {Role.CUSTOMIZED_ADMINISTRATOR: Role.TENANT_OWNER, Role.PARTNER_USER: Role.PARTNER_ADMIN}
"""Roles to which a custom role adds, each with the role beyond whose acts it never goes: nobody gives more."""
READING = frozenset({OrganizationTicketAccess.VIEW, OrganizationTicketAccess.VIEW_AND_REPLY})
KNOWN_IDS = 16_384
OF_USER = "SELECT * FROM acting_user($1, $2, $3, $4)"
OF_WORKING_USER = "SELECT * FROM working_user($1, $2)"
PLACES = text("SELECT * FROM places_of(:user_id, NULL) ORDER BY membership_id")


class TenantRequiredError(PublicError):
    """The user has several memberships and the request does not say in which tenant it acts (AMB-34)."""

    code = "TENANT_REQUIRED"

    def __init__(self, tenant_ids: Sequence[UUID]) -> None:
        ids = [encode("tenant", key) for key in tenant_ids]
        super().__init__("Say in which tenant you act, with the header Bailiwick-Tenant.", tenantIds=ids)


async def user_actor(
    database: Database, session_id: UUID, user_id: UUID, chosen: UUID | None, now: datetime, **seen: Any
) -> Actor:
    """The actor of a signed-in user in the `chosen` tenant, or in the only one of its memberships.

    `seen` are the facts of the request: `ip_address` and `request_id`. Raises `ForbiddenError` for an address that the
    tenant does not trust (A31).
    """
    rows = await database.fetch(OF_USER, session_id, user_id, chosen, now)
    if not rows:
        raise UnauthenticatedError("The session has ended: sign in again.")
    place = _place(rows, chosen)
    demand_trusted(place["trusted_ips"], seen.get("ip_address"))
    return _acting(place, user_id, now, session_id=session_id, **seen)


async def user_actor_without_session(
    database: Database, user_id: UUID, tenant_id: UUID, now: datetime, **seen: Any
) -> Actor:
    """A user as it stands in a tenant now, for jobs that it asked for: they go on when it has signed out.

    Raises as `user_actor` does where the account or its membership has ended since.
    """
    rows = await database.fetch(OF_WORKING_USER, user_id, tenant_id)
    if not rows:
        raise UnauthenticatedError("The account has ended.")
    return _acting(_place(rows, tenant_id), user_id, now, **seen)


async def user_actors_without_session(database: Database, user_id: UUID, now: datetime, **seen: Any) -> list[Actor]:
    """A user in each tenant where it acts now, for what it is told; none where the account has ended."""
    rows = await database.fetch(OF_WORKING_USER, user_id, None)
    return [_acting(row, user_id, now, **seen) for row in rows if row["tenant_id"] and counts(row)]


def _acting(row: Record, user_id: UUID, now: datetime, **seen: Any) -> Actor:
    return Actor(
        powers=_powers(
            row["role"],
            tuple(row["permissions"] or ()),
            tuple(row["denied_permissions"] or ()),
            row["partner_type"],
            row["organization_ticket_access"],
            row["grouped"],
        ),
        user_id=user_id,
        name=f"{row['first_name']} {row['last_name']}".strip(),
        email=row["email"],
        email_verified=row["email_verified"],
        membership_id=_id(row["membership_id"]) if row["membership_id"] else None,
        service_ids=frozenset(map(UUID, row["service_ids"] or ())),
        now=now,
        **standing(row),
        **seen,
    )


async def actors_of(database: Database, user: User, now: datetime, **seen: Any) -> list[Actor]:
    """A user in each tenant where it acts, without having signed in: for who is known by other means."""
    return [_actor(row, user, now, seen) for row in await places(database, user.id) if counts(row)]


def _actor(row: RowMapping, user: User, now: datetime, seen: dict[str, Any]) -> Actor:
    return Actor(
        powers=_powers(
            row["role"],
            tuple(row["permissions"] or ()),
            tuple(row["denied_permissions"] or ()),
            row["partner_type"],
            row["organization_ticket_access"],
            row["grouped"],
        ),
        user_id=user.id,
        name=user.name,
        email=user.email,
        email_verified=user.email_verified_at is not None,
        membership_id=row["membership_id"],
        tenant_id=row["tenant_id"],
        tenant_name=row["tenant_name"],
        environment=row["environment"],
        service_ids=frozenset(row["service_ids"] or ()),
        now=now,
        **seen,
    )


async def places(database: Database, user_id: UUID) -> Sequence[RowMapping]:
    """Where a user acts: its active memberships in active tenants, each with what limits or widens its role.

    Who is of no organisation acts, without membership, where tickets name them (docs/adr/0015).
    """
    async with database.reading(person_scope(user_id)) as session:
        return (await session.execute(PLACES, {"user_id": user_id})).mappings().all()


def counts(row: RowMapping | Record) -> bool:
    """Whether a role is one of its tenant's kind: no other counts for anything."""
    return row["role"] in ROLES_OF[row["tenant_kind"]]


def customization(
    role: str, permissions: Iterable[str], denied_permissions: Iterable[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a custom role adds and denies, for the roles that have one (spec 5.1).

    Only keys of the catalogue count: a wildcard or a role's name in a stored role would be more than anybody may give.
    """
    if role not in CUSTOMIZABLE:
        return (), ()
    return tuple(key for key in permissions if key in KEYS), tuple(_denied(denied_permissions))


def acts(role: Role, granted: tuple[str, ...], denied: tuple[str, ...]) -> frozenset[Permission]:
    """What a user of this role may do, with what its custom role adds and denies."""
    held = permissions_of((role.value,), granted, denied)
    return held & permissions_of((CUSTOMIZABLE[role].value,)) if role in CUSTOMIZABLE else held


def _denied(keys: Iterable[str]) -> Iterator[str]:
    """The permissions that are denied; a denied category denies all of its."""
    for key in keys:
        yield from permissions_of((), (key,)) if key in Category.__members__ else (key,)


def _place(rows: Sequence[Record], chosen: UUID | None) -> Record:
    """The row of the acting tenant."""
    found = [row for row in rows if row["tenant_id"] and counts(row)]
    if len(found) > 1:
        raise TenantRequiredError([UUID(row["tenant_id"]) for row in found])
    if found:
        return found[0]
    if chosen is not None:
        raise NotFoundError
    raise ForbiddenError("Your account is not a member of any organization.")


@lru_cache(maxsize=4096)
def _powers(
    role: str,
    permissions: tuple[str, ...],
    denied_permissions: tuple[str, ...],
    partner_type: str | None,
    ticket_access: str | None,
    grouped: bool,
) -> Powers:
    """The powers of a user, by all that decides them; kept by content, as `permissions_of` keeps its answers."""
    held = acts(Role(role), *customization(role, permissions, denied_permissions))
    return powers_of(PrincipalKind.USER, Role(role), held, partner_type, ticket_access, grouped=grouped)


def powers_of(
    principal: PrincipalKind,
    role: Role,
    permissions: frozenset[Permission],
    partner_type: str | None,
    ticket_access: str | None,
    *,
    grouped: bool = False,
) -> Powers:
    """What a principal may do with these permissions, as its role, its tenant and that tenant's settings have it."""
    partner = role in PARTNER_ROLES
    access = OrganizationTicketAccess(ticket_access or OrganizationTicketAccess.VIEW_AND_REPLY)
    if role is Role.PARTICIPANT:
        access = OrganizationTicketAccess.NONE
    return Powers(
        principal=principal,
        role=role,
        permissions=permissions,
        partner_type=partner_type,
        managed=permissions & permissions_of((DerivedRole.PARTNER_MANAGED.value,)) if partner else frozenset(),
        licensed=permissions & permissions_of((DerivedRole.PARTNER_LICENSING.value,)) if partner else frozenset(),
        limited_to_services=role is Role.APPLICATION_ADMINISTRATOR,
        grouped=grouped,
        organization_tickets=access in READING,
        organization_replies=access is OrganizationTicketAccess.VIEW_AND_REPLY,
    )


@lru_cache(KNOWN_IDS)
def _id(key: str) -> UUID:
    """The id as an object, made once: those who ask once ask again."""
    return UUID(key)


def standing(row: Record) -> dict[str, Any]:
    """Where users and machines act."""
    return {
        "tenant_id": _id(row["tenant_id"]),
        "tenant_name": row["tenant_name"],
        "environment": row["environment"],
    }
