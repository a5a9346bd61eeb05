"""A customer's webhooks, as far as a demo has them: disabled, since their receivers are nowhere."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from app.demo.conversation import Conversation
from app.demo.world import DAY, Customer, World
from domain.records.model import OutboxEvent
from domain.webhooks.model import WebhookDelivery, WebhookEndpoint
from domain.webhooks.states import (
    WebhookDeliveryStatus,
    WebhookDisabledReason,
    WebhookEventType,
    WebhookFailure,
    WebhookStatus,
)

_URLS = {
    WebhookDisabledReason.REQUESTED: "https://chat.alder.example/support",
    WebhookDisabledReason.GONE: "https://old.alder.example/hooks",
    WebhookDisabledReason.FAILING: "https://hooks.alder.example/support",
}
_PATIENCE = timedelta(hours=27)
"""From the first attempt to the last."""


def hook(world: World, customer: Customer, talks: Sequence[Conversation]) -> None:
    """An endpoint for each reason to be disabled; the last took one event of a ticket, and then no more."""
    keys = [_found(world, customer, reason, url) for reason, url in _URLS.items()]
    lately = (talk for talk in talks if 7 * DAY < world.now - talk.raised_at < 30 * DAY and talk.first_responded_at)
    talk = next(lately)
    _deliver(world, customer, keys[-1], talk, WebhookEventType.TICKET_CREATED)
    _deliver(world, customer, keys[-1], talk, WebhookEventType.TICKET_REPLIED, failure=WebhookFailure.CONNECTION)


def _found(world: World, customer: Customer, reason: WebhookDisabledReason, url: str) -> UUID:
    key, owner = customer.ids(), customer.owner
    world.batch.add(
        WebhookEndpoint,
        id=key,
        tenant_id=customer.tenant_id,
        url=url,
        event_types=[WebhookEventType.TICKET_CREATED.value, WebhookEventType.TICKET_REPLIED.value],
        status=WebhookStatus.DISABLED,
        disabled_reason=reason,
        disabled_at=world.now - DAY,
        secret_encrypted=world.webhook_secrets.new()[1],
        created_by_user_id=owner.id,
        created_by_name=owner.name,
        created_at=world.now - 40 * DAY,
        updated_at=world.now - DAY,
    )
    return key


def _deliver(
    world: World,
    customer: Customer,
    endpoint_id: UUID,
    talk: Conversation,
    kind: WebhookEventType,
    failure: WebhookFailure | None = None,
) -> None:
    """One event that arrived at the first attempt, or did not at the last."""
    event_id, at = customer.ids(), talk.raised_at if failure is None else talk.first_responded_at or talk.raised_at
    ended_at = at if failure is None else at + _PATIENCE
    facts = {"ticket_id": str(talk.ticket_id), "number": talk.number, "status": "OPEN"}
    owned = {"tenant_id": customer.tenant_id, "created_at": at}
    world.batch.add(OutboxEvent, id=event_id, topic=kind.topic, payload=facts, delivered_at=at, **owned)
    world.batch.add(
        WebhookDelivery,
        id=customer.ids(),
        endpoint_id=endpoint_id,
        event_id=event_id,
        ticket_id=talk.ticket_id,
        event_type=kind,
        status=WebhookDeliveryStatus.DEAD if failure else WebhookDeliveryStatus.DELIVERED,
        attempts=8 if failure else 1,
        status_code=None if failure else 204,
        duration_ms=None if failure else 38,
        failure=failure,
        due_at=ended_at,
        enqueued_at=ended_at,
        attempted_at=ended_at,
        ended_at=ended_at,
        **owned,
    )
