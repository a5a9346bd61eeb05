"""The vendor's support team in one tenant and one service, by a temporary support account (A18, A19, A32).

The principal is the account; the person behind it is the agent, whose name stands in the audit log.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from authz.actor import Actor
from authz.enforcer import permissions_of
from authz.errors import NotFoundError, UnauthenticatedError
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from authz.powers import Powers, PrincipalKind
from authz.roles import Role
from domain.records.commands import audit
from domain.tickets.model import TemporaryAccountStatus, TemporarySupportAccount
from tenancy.database import Database

SUPPORT_ROLES = (Role.AGENT, Role.AGENT_LEAD)


OF_ACCOUNT = "SELECT * FROM acting_account($1, $2, $3, $4, $5)"
POWERS = Powers(
    principal=PrincipalKind.TEMPORARY_SUPPORT,
    role=Role.TEMPORARY_SUPPORT,
    permissions=permissions_of((Role.TEMPORARY_SUPPORT.value,)),
    limited_to_services=True,
)


async def temporary_actor(
    database: Database,
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
    rows = await database.fetch(OF_ACCOUNT, account_id, tenant_id, session_id, user_id, now)
    if not rows:
        raise UnauthenticatedError("This temporary support account has ended.")
    row = rows[0]
    if chosen not in {None, tenant_id}:
        raise NotFoundError
    return Actor(
        powers=POWERS,
        user_id=user_id,
        name=f"{row['first_name']} {row['last_name']}".strip(),
        email=row["email"],
        tenant_id=tenant_id,
        tenant_name=row["tenant_name"],
        environment=row["environment"],
        now=now,
        session_id=session_id,
        credential_id=account_id,
        service_ids=frozenset({UUID(row["service_id"])}),
        ticket_id=UUID(row["ticket_id"]),
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
    audit(grant, "temporary_account.assume", "temporary_account", account.id, account.tenant_id)
    return account
