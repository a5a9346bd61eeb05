"""The audit log, the outbox, bulk operations, and exports."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from authz.powers import PrincipalKind
from domain.bulk.changes import Change, TicketBulkAction
from domain.bulk.model import BulkErrorPolicy, BulkOperation, BulkOperationItem, BulkOperationKind
from domain.exports.model import ExportFormat, ExportJob, ExportKind
from domain.exports.recurrence import ExportFrequency
from domain.exports.schedule import ExportSchedule
from domain.exports.wanted import Wanted
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


async def bulk_operation(
    session: AsyncSession, tenant_id: UUID, user_id: UUID, ticket_ids: list[UUID], **values: Any
) -> UUID:
    """Something that is to be done to tickets: by default they are given back to the queue."""
    given = {
        "kind": BulkOperationKind.TICKET_UPDATE,
        "error_policy": BulkErrorPolicy.IGNORE_FAILED,
        "change": Change(TicketBulkAction.ASSIGN).stored(),
        "total": len(ticket_ids),
        "actor_kind": PrincipalKind.USER,
        "actor_name": "Agnes Holt",
    }
    key = await add(session, BulkOperation, tenant_id=tenant_id, user_id=user_id, **(given | values))
    for place, ticket_id in enumerate(ticket_ids):
        of = {"tenant_id": tenant_id, "operation_id": key, "position": place}
        await add(session, BulkOperationItem, **of, ticket_id=ticket_id)
    return key


async def export_job(session: AsyncSession, tenant_id: UUID, user_id: UUID, **values: Any) -> UUID:
    """A file of all tickets that somebody has asked for, and that nobody has begun."""
    given = {
        "kind": ExportKind.TICKETS,
        "format": ExportFormat.CSV,
        "wanted": Wanted().stored(),
        "file_name": "tickets.csv",
        "actor_kind": PrincipalKind.USER,
        "actor_name": "Ada Finch",
    }
    return await add(session, ExportJob, tenant_id=tenant_id, user_id=user_id, **(given | values))


async def export_schedule(session: AsyncSession, tenant_id: UUID, user_id: UUID, **values: Any) -> UUID:
    """A file of all tickets that somebody wants each morning, the next one in a year from now."""
    given = {
        "kind": ExportKind.TICKETS,
        "format": ExportFormat.CSV,
        "wanted": Wanted().stored(),
        "frequency": ExportFrequency.DAILY,
        "minute": 390,
        "time_zone": "Europe/Berlin",
        "next_run_at": datetime.now(UTC) + timedelta(days=365),
        "actor_kind": PrincipalKind.USER,
        "actor_name": "Ada Finch",
    }
    return await add(session, ExportSchedule, tenant_id=tenant_id, user_id=user_id, **(given | values))
