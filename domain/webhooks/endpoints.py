"""Making, changing and deleting endpoints (spec 3, 11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final, TypedDict
from uuid import UUID

from sqlalchemy import func

from authz.errors import ForbiddenError
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.base import new_id
from domain.errors import ErrorCode, Problems, refuse
from domain.records.commands import audit
from domain.records.turns import take_turn
from domain.support.text import check_text
from domain.webhooks.model import WebhookEndpoint, manages
from domain.webhooks.networks import Reach
from domain.webhooks.secrets import WebhookSecrets
from domain.webhooks.states import WebhookDisabledReason, WebhookEventType, WebhookStatus
from domain.webhooks.urls import check_url

LONGEST_DESCRIPTION: Final = 200
MOST_ENDPOINTS: Final = 20
LONGEST_GRACE: Final = 7 * 24


@dataclass(frozen=True, slots=True)
class Webhooks:
    """What the installation has for webhooks: where its secrets are sealed, and how far webhooks may go."""

    secrets: WebhookSecrets
    reach: Reach


@dataclass(frozen=True, slots=True)
class Shown:
    """An endpoint with a new secret: this is the only time that it is shown."""

    endpoint_id: UUID
    secret: str


class WebhookChanges(TypedDict, total=False):
    """What is to change; what is not given stays. A null description is removed."""

    url: str
    description: str | None
    event_types: Sequence[WebhookEventType]
    enabled: bool


@requires(Permission.WEBHOOK_MANAGE)
async def create(grant: Grant, webhooks: Webhooks, given: WebhookChanges) -> Shown:
    """A new endpoint of the acting organisation, which is told of what happens from now on."""
    if not manages(grant.powers):
        raise ForbiddenError
    problems = Problems()
    values = _checked(given, webhooks.reach, problems)
    await take_turn(grant, "webhook", grant.actor.tenant_id)
    existing = await grant.first(grant.select(WebhookEndpoint, func.count()))
    if existing >= MOST_ENDPOINTS:
        message = f"An organisation has at most {MOST_ENDPOINTS} endpoints."
        problems.add(ErrorCode.LIMIT_EXCEEDED, message, limit=MOST_ENDPOINTS, actual=existing + 1)
    problems.refuse_if_any()
    secret, encrypted = webhooks.secrets.new()
    endpoint = WebhookEndpoint(
        id=new_id(),
        tenant_id=grant.actor.tenant_id,
        secret_encrypted=encrypted,
        created_by_user_id=grant.actor.user_id,
        created_by_name=grant.actor.name,
        **values,
    )
    grant.add(endpoint)
    _audit(grant, "create", endpoint.id, after=_plain(values))
    return Shown(endpoint.id, secret)


@requires(Permission.WEBHOOK_MANAGE)
async def update(
    grant: Grant, webhooks: Webhooks, endpoint_id: UUID, changes: WebhookChanges, expected_version: int | None
) -> UUID:
    """Save a form: all of it, or, with every error at once, nothing. Enabling forgets earlier failures."""
    endpoint = await _endpoint_for(grant, endpoint_id, expected_version)
    problems = Problems()
    values = _checked(changes, webhooks.reach, problems)
    problems.refuse_if_any()
    before = {name: getattr(endpoint, name) for name in values}
    changed = {name: value for name, value in values.items() if value != before[name]}
    for name, value in changed.items():
        setattr(endpoint, name, value)
    switched = _switch(grant, endpoint, changes.get("enabled"))
    if changed or switched:
        previous = _plain({name: before[name] for name in changed})
        _audit(grant, "update", endpoint.id, before=previous, after=_plain(changed) | switched)
    return endpoint.id


@requires(Permission.WEBHOOK_MANAGE)
async def delete(grant: Grant, endpoint_id: UUID, expected_version: int | None) -> None:
    """Forget an endpoint, its secret and its log; what waits for it never leaves."""
    endpoint = await _endpoint_for(grant, endpoint_id, expected_version)
    _audit(grant, "delete", endpoint.id, before=_plain({"url": endpoint.url}))
    await grant.delete(endpoint)


@requires(Permission.WEBHOOK_MANAGE)
async def rotate(grant: Grant, webhooks: Webhooks, endpoint_id: UUID, grace_hours: int) -> Shown:
    """A new secret; the one before signs as well for some hours, so that receivers can change over without a gap."""
    endpoint = await _endpoint_for(grant, endpoint_id, None)
    if not 0 <= grace_hours <= LONGEST_GRACE:
        refuse(ErrorCode.OUT_OF_RANGE, f"0 to {LONGEST_GRACE} hours.", "graceHours")
    secret, encrypted = webhooks.secrets.new()
    endpoint.rotate(encrypted, grant.now + timedelta(hours=grace_hours) if grace_hours else None)
    _audit(grant, "secret_rotate", endpoint.id, after={"grace_hours": grace_hours})
    return Shown(endpoint.id, secret)


async def _endpoint_for(grant: Grant, endpoint_id: UUID, expected_version: int | None) -> WebhookEndpoint:
    endpoint: WebhookEndpoint = await grant.get(WebhookEndpoint, endpoint_id, lock=True)
    if expected_version is not None and endpoint.version != expected_version:
        message = "Somebody else changed this endpoint in the meantime: read it again."
        refuse(ErrorCode.CONFLICT, message, "expectedVersion", current_version=endpoint.version)
    return endpoint


def _checked(given: WebhookChanges, reach: Reach, problems: Problems) -> dict[str, Any]:
    """The columns' values; what is wrong is noted."""
    values: dict[str, Any] = {}
    if "url" in given:
        values["url"] = check_url(given["url"], reach, problems, "url")
    if "description" in given:
        text = check_text(given["description"], problems, "description", most=LONGEST_DESCRIPTION)
        values["description"] = text or None
    if "event_types" in given:
        values["event_types"] = [kind.value for kind in dict.fromkeys(given["event_types"])]
        if not values["event_types"]:
            problems.add(ErrorCode.REQUIRED, "Choose at least one kind of event.", "eventTypes")
    return values


def _switch(grant: Grant, endpoint: WebhookEndpoint, enabled: bool | None) -> dict[str, Any]:
    """Turn it on or off; what the log says of it."""
    if enabled is None or enabled is (endpoint.status is WebhookStatus.ENABLED):
        return {}
    if enabled:
        endpoint.enable()
    else:
        endpoint.disable(WebhookDisabledReason.REQUESTED, grant.now)
    return {"status": endpoint.status.value}


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """As the log keeps it: an address may carry a token of its receiver behind its path."""
    return values | ({"url": values["url"].partition("?")[0]} if "url" in values else {})


def _audit(grant: Grant, verb: str, endpoint_id: UUID, **change: Any) -> None:
    audit(grant, f"webhook.{verb}", "webhook", endpoint_id, **change)
