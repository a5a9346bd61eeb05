"""The vendor's support team in one tenant and one service, by a temporary support account (A18, A19, A32).

The principal is the account; the person behind it is the agent, whose name stands in the audit log.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, and_, bindparam, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from authz.actor import Actor
from authz.enforcer import permissions_of
from authz.errors import NotFoundError, UnauthenticatedError
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from authz.powers import Powers, PrincipalKind
from authz.roles import Role
from domain.records.commands import audit
from domain.tenants.credentials import SignInSession
from domain.tenants.model import Membership, MembershipStatus, Tenant, TenantKind, TenantStatus, User, UserStatus
from domain.tickets.model import TemporaryAccountStatus, TemporarySupportAccount, Ticket, TicketStatus
from tenancy.scope import Scope, ScopeKind

SUPPORT_ROLES = (Role.AGENT, Role.AGENT_LEAD)


def _of_account() -> Select[*tuple[Any, ...]]:
    """The row of a live account whose agent is signed in and still works for the platform's support."""
    employer = Tenant.__table__.alias("employer")
    employed = exists().where(
        Membership.user_id == User.id,
        Membership.status == MembershipStatus.ACTIVE,
        Membership.role.in_(SUPPORT_ROLES),
        employer.c.id == Membership.tenant_id,
        employer.c.kind == TenantKind.PLATFORM,
        employer.c.status == TenantStatus.ACTIVE,
    )
    account = TemporarySupportAccount
    statement: Select[*tuple[Any, ...]] = (
        select(
            account.ticket_id,
            account.service_id,
            User.first_name,
            User.last_name,
            User.email,
            Tenant.name.label("tenant_name"),
            Tenant.environment,
        )
        .join(Ticket, and_(Ticket.id == account.ticket_id, Ticket.status != TicketStatus.CLOSED))
        .join(Tenant, and_(Tenant.id == account.tenant_id, Tenant.status == TenantStatus.ACTIVE))
        .join(SignInSession, SignInSession.id == bindparam("session_id", type_=Uuid()))
        .join(User, and_(User.id == SignInSession.user_id, User.status == UserStatus.ACTIVE))
        .where(
            account.id == bindparam("account_id", type_=Uuid()),
            account.tenant_id == bindparam("tenant_id", type_=Uuid()),
            account.status == TemporaryAccountStatus.ACTIVE,
            account.expires_at > bindparam("now"),
            SignInSession.user_id == bindparam("user_id", type_=Uuid()),
            SignInSession.revoked_at.is_(None),
            SignInSession.expires_at > bindparam("now"),
            employed,
        )
    )
    return statement


OF_ACCOUNT = _of_account()
POWERS = Powers(
    principal=PrincipalKind.TEMPORARY_SUPPORT,
    role=Role.TEMPORARY_SUPPORT,
    permissions=permissions_of((Role.TEMPORARY_SUPPORT.value,)),
    limited_to_services=True,
)


def account_scope(tenant_id: UUID) -> Scope:
    """Sign-in of a temporary support account: its token names the one tenant whose rows are looked at."""
    return Scope(ScopeKind.SIGN_IN, tenant_id)


async def temporary_actor(
    session: AsyncSession,
    *,
    account_id: UUID,
    tenant_id: UUID,
    session_id: UUID,
    user_id: UUID,
    chosen: UUID | None,
    now: datetime,
    **seen: Any,
) -> Actor:
    """The actor of a temporary support account, unless it is expired or revoked, or its ticket closed, by now (A19)."""
    values = {
        "account_id": account_id,
        "tenant_id": tenant_id,
        "session_id": session_id,
        "user_id": user_id,
        "now": now,
    }
    row = (await session.execute(OF_ACCOUNT, values)).mappings().first()
    if row is None:
        raise UnauthenticatedError("This temporary support account has ended.")
    if chosen not in {None, tenant_id}:
        raise NotFoundError
    return Actor(
        powers=POWERS,
        user_id=user_id,
        name=f"{row['first_name']} {row['last_name']}".strip(),
        email=row["email"],
        tenant_id=tenant_id,
        tenant_name=row["tenant_name"],
        environment=row["environment"].value,
        now=now,
        session_id=session_id,
        service_ids=frozenset({row["service_id"]}),
        ticket_id=row["ticket_id"],
        **seen,
    )


@requires(Permission.TEMP_ACCOUNT_READ)
async def assume(grant: Grant, account_id: UUID) -> TemporarySupportAccount:
    """Let an agent act as a live account that it sees; noted in the logs of the platform and of the tenant (A32)."""
    if grant.actor.role not in SUPPORT_ROLES or grant.actor.principal is not PrincipalKind.USER:
        raise NotFoundError
    account = await grant.get(TemporarySupportAccount, account_id)
    if account.status is not TemporaryAccountStatus.ACTIVE or account.expires_at <= grant.now:
        raise NotFoundError
    await audit(grant, "temporary_account.assume", "temporary_account", account.id, account.tenant_id)
    return account
