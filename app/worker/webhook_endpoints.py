"""How an endpoint is doing: when failures began, and when it is given up, which its owner is told by mail."""

from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final
from uuid import UUID

import structlog
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.webhooks.sending import Outcome
from app.worker.platform_actor import platform_actor
from authz.roles import Role
from domain.base import new_id
from domain.records.commands import audit_as
from domain.records.model import OutboxEvent
from domain.tenants.model import Membership, MembershipStatus, User, UserStatus
from domain.tickets.notices import MAIL
from domain.webhooks.model import WebhookEndpoint
from domain.webhooks.states import WebhookDisabledReason, WebhookStatus

TEMPLATE: Final = "webhook_disabled"
OWNERS: Final = (Role.TENANT_OWNER, Role.PARTNER_ADMIN)

log = structlog.get_logger()


async def note_success(session: AsyncSession, endpoint_id: UUID) -> None:
    """It takes what it is sent: earlier failures do not count any more."""
    failing = WebhookEndpoint.id == endpoint_id, WebhookEndpoint.failing_since.is_not(None)
    await session.execute(update(WebhookEndpoint).where(*failing).values(failing_since=None))


async def note_failure(
    session: AsyncSession, endpoint_id: UUID, outcome: Outcome, patience: timedelta, now: datetime
) -> bool:
    """Whether the endpoint is given up: it says that it is gone, or nothing arrived for longer than `patience`."""
    locked = select(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id).with_for_update()
    endpoint = (await session.execute(locked)).scalar_one()
    if endpoint.status is WebhookStatus.DISABLED:
        return True
    if outcome.status_code == HTTPStatus.GONE:
        await _disable(session, endpoint, WebhookDisabledReason.GONE, now)
        return True
    if endpoint.failing_since is None:
        began = update(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id).values(failing_since=now)
        await session.execute(began.execution_options(synchronize_session=False))
    elif now - endpoint.failing_since >= patience:
        await _disable(session, endpoint, WebhookDisabledReason.FAILING, now)
        return True
    return False


async def _disable(
    session: AsyncSession, endpoint: WebhookEndpoint, reason: WebhookDisabledReason, now: datetime
) -> None:
    endpoint.disable(reason, now)
    log.warning("webhook endpoint disabled", endpoint=str(endpoint.id), reason=reason.value)
    if actor := await platform_actor(session, now):
        after = {"status": endpoint.status.value, "reason": reason.value}
        audit_as(session, actor, "webhook.disable", "webhook", endpoint.id, endpoint.tenant_id, after=after)
    member = Membership.tenant_id == endpoint.tenant_id, Membership.role.in_(OWNERS)
    active = Membership.status == MembershipStatus.ACTIVE, User.status == UserStatus.ACTIVE
    owners = select(User.email).join(Membership, Membership.user_id == User.id).where(*member, *active)
    for address in (await session.execute(owners)).scalars().all():
        payload = {"to": address, "template": TEMPLATE, "url": endpoint.url.partition("?")[0], "reason": reason.value}
        event = {"id": new_id(), "tenant_id": endpoint.tenant_id, "topic": MAIL, "payload": payload}
        await session.execute(insert(OutboxEvent).values(event))
