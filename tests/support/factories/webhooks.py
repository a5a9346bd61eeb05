"""Webhooks: an endpoint, and what was sent to it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from domain.webhooks.model import WebhookDelivery, WebhookEndpoint
from domain.webhooks.secrets import WebhookSecrets
from domain.webhooks.states import WebhookDeliveryStatus, WebhookEventType
from tests.support.factories.adding import add
from tests.support.factories.records import outbox_event
from tests.support.processes import SECRET


async def webhook(session: AsyncSession, tenant_id: UUID, **values: Any) -> UUID:
    """An endpoint that is told of everything."""
    given = {
        "url": "https://hooks.example/in",
        "event_types": [kind.value for kind in WebhookEventType],
        "secret_encrypted": WebhookSecrets(SECRET).new()[1],
        "created_by_user_id": tenant_id,
        "created_by_name": "Ada Finch",
    }
    return await add(session, WebhookEndpoint, tenant_id=tenant_id, **(given | values))


async def webhook_delivery(session: AsyncSession, tenant_id: UUID, endpoint_id: UUID, ticket_id: UUID) -> UUID:
    """That a ticket was created, and that this was taken."""
    now = datetime.now(UTC)
    facts = {"ticket_id": str(ticket_id), "number": "00000001", "status": "OPEN", "severity": 3}
    given = {
        "endpoint_id": endpoint_id,
        "event_id": await outbox_event(session, tenant_id, "ticket.created", facts),
        "ticket_id": ticket_id,
        "event_type": WebhookEventType.TICKET_CREATED,
        "status": WebhookDeliveryStatus.DELIVERED,
        "attempts": 1,
        "status_code": 204,
        "duration_ms": 12,
    }
    times = {"created_at": now, "due_at": now, "enqueued_at": now, "attempted_at": now, "ended_at": now}
    return await add(session, WebhookDelivery, tenant_id=tenant_id, **(given | times))
