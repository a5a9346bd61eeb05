"""Sending an event once more, by hand."""

from uuid import UUID

from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.base import new_id
from domain.errors import ErrorCode, refuse
from domain.records.commands import audit
from domain.webhooks.model import WebhookDelivery, WebhookEndpoint
from domain.webhooks.states import WebhookDeliveryStatus, WebhookStatus

WAITING = WebhookDeliveryStatus.QUEUED


@requires(Permission.WEBHOOK_MANAGE)
async def replay(grant: Grant, delivery_id: UUID) -> UUID:
    """A new delivery of the same event under the same event id; whether it may leave is decided when it does."""
    earlier: WebhookDelivery = await grant.get(WebhookDelivery, delivery_id)
    endpoint: WebhookEndpoint = await grant.get(WebhookEndpoint, earlier.endpoint_id, lock=True)
    if endpoint.status is WebhookStatus.DISABLED:
        _refuse(WebhookStatus.DISABLED, "The endpoint is disabled: enable it first.")
    row = WebhookDelivery
    same = row.endpoint_id == earlier.endpoint_id, row.event_id == earlier.event_id, row.status == WAITING
    if await grant.first(grant.select(row, row.id).where(*same)):
        _refuse(WAITING, "The event is already on its way to this endpoint.")
    again = WebhookDelivery.row(
        id=new_id(),
        tenant_id=earlier.tenant_id,
        endpoint_id=earlier.endpoint_id,
        event_id=earlier.event_id,
        ticket_id=earlier.ticket_id,
        event_type=earlier.event_type,
        is_replay=True,
        created_at=grant.now,
        due_at=grant.now,
    )
    grant.write(WebhookDelivery, again)
    audit(grant, "webhook.replay", "webhook", endpoint.id, after={"event_id": str(earlier.event_id)})
    return UUID(str(again["id"]))


def _refuse(state: WebhookStatus | WebhookDeliveryStatus, message: str) -> None:
    refuse(ErrorCode.INVALID_TRANSITION, message, from_=state.value, to=WAITING.value, allowed=[])
