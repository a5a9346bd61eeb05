"""Webhooks as those see them who look after them."""

from datetime import datetime
from typing import Any

import strawberry

from domain.tickets import queries as tickets
from domain.webhooks import queries
from domain.webhooks.outgoing import message_id
from execution.ids import encode
from resolvers.enums.webhooks import (
    WebhookDeliveryStatus,
    WebhookDisabledReason,
    WebhookEventType,
    WebhookFailure,
    WebhookStatus,
)
from schema.errors import MutationPayload
from schema.fields import computed, connection, global_id, one, plain
from schema.relay import Connection, Node
from schema.tickets import Ticket

SECRET = (
    "What the receiver verifies signatures by (Standard Webhooks). It is shown this once: null at a retry with the "
    "same idempotency key, and where nothing happened. Who has lost it makes a new one with `webhookSecretRotate`."
)
WEBHOOK = "The endpoint as it is now; null where nothing happened."


def _event_types(root: Any) -> Any:
    return [WebhookEventType(value) for value in root["event_types"]]


def _event_id(root: Any) -> str:
    return message_id(root["event_id"])


def _next_attempt(root: Any) -> Any:
    return root["due_at"] if root["status"] == WebhookDeliveryStatus.QUEUED else None


def _deleted(root: Any) -> Any:
    return encode("webhook", root["deleted_id"]) if root["deleted_id"] else None


@strawberry.type(
    description="One event on its way to one endpoint. It arrives at least once: receivers drop what they have by "
    "`webhook-id`."
)
class WebhookDelivery(Node):
    """Rows of `domain.webhooks.model.WebhookDelivery`."""

    id: strawberry.ID = global_id("webhookdelivery")
    event_id: str = computed(
        _event_id, needs=("event_id",), description="The header `webhook-id`: the same at every attempt and replay."
    )
    event_type: WebhookEventType = plain("What happened.")
    is_replay: bool = plain("Whether somebody asked for it by `webhookDeliveryReplay`.")
    status: WebhookDeliveryStatus = plain("How far it has come.")
    attempts: int = plain("How often it was tried.")
    status_code: int | None = plain("The status of the last answer; null where there was none.")
    failure: WebhookFailure | None = plain("Why it did not arrive at the last attempt; null where it did.")
    duration_ms: int | None = plain("Milliseconds that the last attempt took; null where it led to no address.")
    created_at: datetime = plain("When what it tells happened, or when the replay was asked for.")
    attempted_at: datetime | None = plain("When it was last tried.")
    next_attempt_at: datetime | None = computed(
        _next_attempt, needs=("due_at", "status"), description="When it is tried next; null where it is not."
    )
    ended_at: datetime | None = plain("When it arrived or was given up; null while it waits.")
    ticket: Ticket | None = one(
        tickets.by_ids, key="ticket_id", description="What it is about; null where you do not see it."
    )


@strawberry.type(description="An address of your organization's that is told of its tickets' events.")
class WebhookEndpoint(Node):
    """Rows of `domain.webhooks.model.WebhookEndpoint`."""

    id: strawberry.ID = global_id("webhook")
    url: str = plain("Where events are posted to.")
    description: str | None = plain("What it is for.")
    event_types: list[WebhookEventType] = computed(
        _event_types, needs=("event_types",), description="What it is told of."
    )
    status: WebhookStatus = plain("Whether it is told of anything.")
    disabled_at: datetime | None = plain("When it was disabled; null where it is not.")
    disabled_reason: WebhookDisabledReason | None = plain("Why it is disabled; null where it is not.")
    failing_since: datetime | None = plain("When failures began after which nothing arrived; null where it takes all.")
    previous_secret_until: datetime | None = plain(
        "Until when the secret before the last one signs as well; null where it does not."
    )
    created_by_name: str = plain("Who made it. It is the organization's, and outlives its maker's account.")
    created_at: datetime = plain("When it was made: it is told of what happened since.")
    version: int = plain("Counts changes: give it as `expectedVersion`.")
    deliveries: Connection[WebhookDelivery] = connection(
        queries.deliveries_of_endpoints,
        key="id",
        description="What was or is to be sent to it, newest first; what ended is kept for 30 days by default.",
        arguments={"statuses": (list[WebhookDeliveryStatus] | None, "Only those in one of these states.")},
    )


@strawberry.type(description="What `webhookCreate` answers with.")
class WebhookCreatePayload(MutationPayload):
    """Spec 3, 11."""

    webhook: WebhookEndpoint | None = one(queries.by_ids, key="webhook_id", description=WEBHOOK)
    secret: str | None = plain(SECRET)


@strawberry.type(description="What `webhookUpdate` answers with.")
class WebhookUpdatePayload(MutationPayload):
    """Spec 3, 11."""

    webhook: WebhookEndpoint | None = one(queries.by_ids, key="webhook_id", description=WEBHOOK)


@strawberry.type(description="What `webhookDelete` answers with.")
class WebhookDeletePayload(MutationPayload):
    """Spec 3, 11."""

    deleted_id: strawberry.ID | None = computed(
        _deleted, needs=("deleted_id",), description="The id of what is gone; null where nothing happened."
    )


@strawberry.type(description="What `webhookSecretRotate` answers with.")
class WebhookSecretRotatePayload(MutationPayload):
    """Spec 3, 11."""

    webhook: WebhookEndpoint | None = one(queries.by_ids, key="webhook_id", description=WEBHOOK)
    secret: str | None = plain(SECRET)


@strawberry.type(description="What `webhookDeliveryReplay` answers with.")
class WebhookDeliveryReplayPayload(MutationPayload):
    """Spec 3, 11."""

    delivery: WebhookDelivery | None = one(
        queries.deliveries_by_ids,
        key="webhook_delivery_id",
        description="The new delivery; null where nothing happened.",
    )
