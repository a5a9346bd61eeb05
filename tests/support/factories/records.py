"""The audit log, and the outbox."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from authz.powers import PrincipalKind
from domain.records.model import AuditEvent, OutboxEvent
from tests.support.factories.adding import add


async def audit_event(session: AsyncSession, tenant_id: UUID, **values: Any) -> UUID:
    """Something that a person of the tenant did there."""
    given = {
        "occurred_at": datetime.now(UTC),
        "actor_kind": PrincipalKind.USER.value,
        "actor_name": "Ada Finch",
        "acting_tenant_id": tenant_id,
        "acting_tenant_name": "Alder & Finch",
        "action": "tenant.security_settings_update",
        "object_type": "tenant",
        "object_id": tenant_id,
    }
    return await add(session, AuditEvent, tenant_id=tenant_id, **(given | values))


async def outbox_event(session: AsyncSession, tenant_id: UUID, topic: str, payload: dict[str, Any]) -> UUID:
    """Something that is to leave the platform."""
    return await add(session, OutboxEvent, tenant_id=tenant_id, topic=topic, payload=payload)
