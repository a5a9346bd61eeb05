"""Root fields of webhooks."""

import strawberry

from resolvers import webhooks
from schema.relay import Connection
from schema.webhooks import (
    WebhookCreatePayload,
    WebhookDeletePayload,
    WebhookDeliveryReplayPayload,
    WebhookEndpoint,
    WebhookSecretRotatePayload,
    WebhookUpdatePayload,
)


@strawberry.type
class WebhookQueries:
    """What can be asked."""

    webhook: WebhookEndpoint | None = strawberry.field(
        resolver=webhooks.webhook, description="One endpoint of your organization's, with its log."
    )
    webhooks: Connection[WebhookEndpoint] = strawberry.field(
        resolver=webhooks.webhooks, description="The endpoints of your organization, newest first."
    )


@strawberry.type
class WebhookMutations:
    """What can be done."""

    webhook_create: WebhookCreatePayload = strawberry.field(
        resolver=webhooks.webhook_create,
        description="Have your organization's events posted to an address, signed by a secret that is shown once.",
    )
    webhook_update: WebhookUpdatePayload = strawberry.field(
        resolver=webhooks.webhook_update, description="Change an endpoint, or turn it on or off."
    )
    webhook_delete: WebhookDeletePayload = strawberry.field(
        resolver=webhooks.webhook_delete,
        description="Forget an endpoint, its secret and its log. What waits for it never leaves.",
    )
    webhook_secret_rotate: WebhookSecretRotatePayload = strawberry.field(
        resolver=webhooks.webhook_secret_rotate,
        description="Sign with a new secret, and for some hours with the one before as well.",
    )
    webhook_delivery_replay: WebhookDeliveryReplayPayload = strawberry.field(
        resolver=webhooks.webhook_delivery_replay,
        description="Send an event to its endpoint once more, under the same `webhook-id`.",
    )
