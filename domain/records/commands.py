"""Leaving records: who did what, and what has to leave the platform because of it."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from authz.actor import Actor
from authz.grant import Grant
from domain.base import new_id
from domain.records.model import AuditEvent, OutboxEvent
from tenancy.session import work_of


def audit(
    grant: Grant,
    action: str,
    object_type: str,
    object_id: UUID | None,
    *tenant_ids: UUID,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    private_to: UUID | None = None,
) -> None:
    """Note an action in the log of the acting tenant and of each of `tenant_ids` that it concerns (spec 3, 2).

    `before` and `after` are plain JSON values of what changed, never secrets. With `private_to` nobody else of these
    tenants sees it (E20).
    """
    more: dict[str, Any] = {"before": before, "after": after, "private_to": private_to}
    audit_as(grant.session, grant.actor, action, object_type, object_id, *tenant_ids, **more)


def audit_as(
    session: AsyncSession,
    actor: Actor,
    action: str,
    object_type: str,
    object_id: UUID | None,
    *tenant_ids: UUID,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    private_to: UUID | None = None,
) -> None:
    """As `audit`, where no permission stands behind the action: sign-ins, reads of temporary accounts (A32)."""
    common = {
        "occurred_at": actor.now,
        "actor_kind": actor.principal.value,
        "actor_user_id": actor.user_id,
        "actor_name": actor.name,
        "acting_tenant_id": actor.tenant_id,
        "acting_tenant_name": actor.tenant_name,
        "session_id": actor.session_id,
        "action": action,
        "object_type": object_type,
        "object_id": object_id,
        "before": before,
        "after": after,
        "ip_address": actor.ip_address,
        "request_id": actor.request_id,
        "private_to": private_to,
    }
    tenants = dict.fromkeys((actor.tenant_id, *tenant_ids))
    rows = [{"id": new_id(), "tenant_id": tenant_id, **common} for tenant_id in tenants]
    work_of(session).write(AuditEvent.__table__, rows)


def announce(grant: Grant, topic: str, tenant_id: UUID, payload: dict[str, Any]) -> None:
    """Put something into the outbox: it leaves the platform if, and only if, this transaction is committed."""
    grant.write(OutboxEvent, {"id": new_id(), "tenant_id": tenant_id, "topic": topic, "payload": payload})
