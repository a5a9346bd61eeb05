"""Webhooks: where an organisation is told of its tickets' events (spec 3, 11)."""

from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from authz.gate import Gate
from domain.webhooks import endpoints, queries, replaying
from domain.webhooks.endpoints import Shown, WebhookChanges
from execution.ask import page
from execution.paging import page_request
from resolvers.arguments import INPUT, After, Before, First, Id, Last, Version
from resolvers.context import Info
from resolvers.enums.webhooks import WebhookEventType
from resolvers.inputs import key_of
from resolvers.mutations import Changed, MutationInput, mutate
from resolvers.nodes import found

URL = (
    "Where events are posted to: `https://`, a public address, the usual port or one from 1024 on, at most 2,048 "
    "characters."
)
DESCRIPTION = "What it is for, up to 200 characters."
EVENT_TYPES = "What it is told of, at least one."


@strawberry.input(description="Input of `webhookCreate`.")
class WebhookCreateInput(MutationInput):
    """Spec 3, 11."""

    url: str = strawberry.field(description=URL)
    description: str | None = strawberry.field(default=None, description=DESCRIPTION)
    event_types: list[WebhookEventType] = strawberry.field(description=EVENT_TYPES)

    def changes(self) -> WebhookChanges:
        """As the domain has it."""
        return WebhookChanges(url=self.url, description=self.description, event_types=self.event_types)


@strawberry.input(description="Input of `webhookUpdate`: what is not given stays as it is.")
class WebhookUpdateInput(MutationInput):
    """Spec 3, 11."""

    url: str | None = strawberry.field(default=None, description=f"{URL} Null leaves it.")
    description: str | None = strawberry.field(default=UNSET, description=f"{DESCRIPTION} Null removes it.")
    event_types: list[WebhookEventType] | None = strawberry.field(
        default=None, description=f"{EVENT_TYPES} Null leaves them."
    )
    enabled: bool | None = strawberry.field(
        default=None,
        description="Whether it is told of anything; `true` also forgets earlier failures. Null leaves it.",
    )

    def changes(self) -> WebhookChanges:
        """What is given, as the domain has it."""
        changes = WebhookChanges()
        if self.url is not None:
            changes["url"] = self.url
        if self.description is not UNSET:
            changes["description"] = self.description
        if self.event_types is not None:
            changes["event_types"] = self.event_types
        if self.enabled is not None:
            changes["enabled"] = self.enabled
        return changes


@strawberry.input(description="Input of `webhookDelete`.")
class WebhookDeleteInput(MutationInput):
    """Nothing but what every mutation takes."""


@strawberry.input(description="Input of `webhookSecretRotate`.")
class WebhookSecretRotateInput(MutationInput):
    """Spec 3, 11."""

    grace_hours: int = strawberry.field(
        default=24,
        description="Hours for which the secret before signs as well, 0-168; 0 where somebody else may know it.",
    )


@strawberry.input(description="Input of `webhookDeliveryReplay`.")
class WebhookDeliveryReplayInput(MutationInput):
    """Nothing but what every mutation takes."""


async def webhooks(
    info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
) -> Any:
    """The endpoints of the acting organisation, in pages, newest first."""
    request = page_request(first, after, last, before)
    return await info.context.answer(page(queries.listing, {}, request))


async def webhook(info: Info, id: Id) -> Any:
    """One endpoint."""
    return await found(info.context, "webhook", id)


async def webhook_create(info: Info, input: Annotated[WebhookCreateInput, INPUT]) -> Any:
    """Make an endpoint."""
    shown: list[Shown] = []

    async def command(gate: Gate) -> Changed:
        shown.append(await endpoints.create(gate, info.context.facilities.webhooks, input.changes()))
        return {"webhook_id": shown[-1].endpoint_id}

    return _with_secret(await mutate(info, input, command), shown)


async def webhook_update(
    info: Info, webhook_id: Id, input: Annotated[WebhookUpdateInput, INPUT], expected_version: Version = None
) -> Any:
    """Change an endpoint, or turn it on or off."""

    async def command(gate: Gate) -> Changed:
        key = key_of("webhook", webhook_id, "webhookId")
        await endpoints.update(gate, info.context.facilities.webhooks, key, input.changes(), expected_version)
        return {"webhook_id": key}

    return await mutate(info, input, command, webhook_id=webhook_id, expected_version=expected_version)


async def webhook_delete(
    info: Info, webhook_id: Id, input: Annotated[WebhookDeleteInput, INPUT], expected_version: Version = None
) -> Any:
    """Forget an endpoint."""

    async def command(gate: Gate) -> Changed:
        key = key_of("webhook", webhook_id, "webhookId")
        await endpoints.delete(gate, key, expected_version)
        return {"deleted_id": key}

    return await mutate(info, input, command, webhook_id=webhook_id, expected_version=expected_version)


async def webhook_secret_rotate(info: Info, webhook_id: Id, input: Annotated[WebhookSecretRotateInput, INPUT]) -> Any:
    """Make a new secret."""
    shown: list[Shown] = []

    async def command(gate: Gate) -> Changed:
        key = key_of("webhook", webhook_id, "webhookId")
        shown.append(await endpoints.rotate(gate, info.context.facilities.webhooks, key, input.grace_hours))
        return {"webhook_id": key}

    return _with_secret(await mutate(info, input, command, webhook_id=webhook_id), shown)


async def webhook_delivery_replay(
    info: Info, webhook_delivery_id: Id, input: Annotated[WebhookDeliveryReplayInput, INPUT]
) -> Any:
    """Send an event once more."""

    async def command(gate: Gate) -> Changed:
        key = key_of("webhookdelivery", webhook_delivery_id, "webhookDeliveryId")
        return {"webhook_delivery_id": await replaying.replay(gate, key)}

    return await mutate(info, input, command, webhook_delivery_id=webhook_delivery_id)


def _with_secret(payload: dict[str, Any], shown: list[Shown]) -> dict[str, Any]:
    """The answer of the call that made the secret, and no other: it is kept with no key for retries."""
    if shown and not payload["user_errors"]:
        payload["secret"] = shown[-1].secret
    return payload
