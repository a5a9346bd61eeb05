"""Sending one webhook: leased, looked at once more, signed, sent, and noted (docs/adr/0016).

Unlike mail no lock is held meanwhile, as endpoints may be slow: a lease, longer than any attempt, keeps others away.
Whoever dies with it leaves a delivery that somebody else sends again once it is over: at least once, under the same id.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import Clock, utc_now
from app.settings import Settings
from app.webhooks.sending import Outcome, Sender
from app.worker.webhook_endpoints import note_failure, note_success
from domain.tenants.model import Tenant
from domain.webhooks.model import WebhookDelivery, WebhookEndpoint
from domain.webhooks.outgoing import DELIVERY, body, message_id, parcel, refusal, seen
from domain.webhooks.secrets import WebhookSecrets, signatures
from domain.webhooks.states import WebhookDeliveryStatus
from execution.ids import encode
from tenancy.database import Database
from tenancy.scope import WORKER

LONGEST_DELAY: Final = timedelta(hours=12)
BUSY: Final = timedelta(seconds=5)
GROWTH: Final = 4
MOST_AT_ONCE: Final = 3
"""Attempts at one endpoint at a time: a slow one must not keep the others waiting."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Letter:
    """What is sent."""

    url: str
    headers: dict[str, str]
    body: bytes


class WebhookDeliveries:
    """Sends what the queue says is to be sent."""

    def __init__(
        self, database: Database, secrets: WebhookSecrets, sender: Sender, settings: Settings, clock: Clock = utc_now
    ) -> None:
        self._database = database
        self._secrets = secrets
        self._sender = sender
        self._settings = settings
        self._clock = clock

    async def job(self, job: Job) -> None:
        """The job of one delivery; raises `RetryRequested` where it is to be tried again."""
        key = UUID(bytes=job.payload or b"")
        try:
            again = await self.deliver(key)
        except Exception:
            log.exception("webhook interrupted", delivery=str(key))
            again = min(timedelta(seconds=2 ** min(job.attempts, 12)), LONGEST_DELAY)
        if again is not None:
            raise RetryRequested(again)

    async def deliver(self, key: UUID) -> timedelta | None:
        """Try once, unless it is done; how long to wait before the next attempt, if there has to be one."""
        async with self._database.writing(WORKER) as session:
            taken = await self._take(session, key)
        if not isinstance(taken, Letter):
            return taken
        outcome = await self._sender.send(taken.url, taken.headers, taken.body)
        async with self._database.writing(WORKER) as session:
            return await self._note(session, key, outcome)

    async def _take(self, session: AsyncSession, key: UUID) -> Letter | timedelta | None:
        """Lease the delivery for an attempt; how long to wait where it is another's; None where nothing is to do."""
        locked = parcel().with_for_update(of=WebhookDelivery)
        row = (await session.execute(locked, {DELIVERY.key: key})).one_or_none()
        if row is None or row[0].status is not WebhookDeliveryStatus.QUEUED:
            return None
        delivery, endpoint, tenant, event = row
        now = self._clock()
        if delivery.leased_until is not None and delivery.leased_until > now:
            return delivery.leased_until - now
        if reason := refusal(endpoint, visible=await _sees(session, tenant, delivery, now)):
            delivery.suppress(reason, now)
            return None
        if await _is_busy(session, endpoint, now):
            return BUSY
        delivery.begin(now, now + self.lease)
        return self._letter(delivery, endpoint, body(event, delivery.event_type), now)

    def _letter(self, delivery: WebhookDelivery, endpoint: WebhookEndpoint, content: bytes, now: datetime) -> Letter:
        secrets = [self._secrets.decrypt(sealed) for sealed in endpoint.secrets(now)]
        name = message_id(delivery.event_id)
        headers = {
            "webhook-id": name,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": signatures(secrets, name, now, content),
            "bailiwick-delivery": encode("webhookdelivery", delivery.id),
        }
        return Letter(endpoint.url, headers, content)

    async def _note(self, session: AsyncSession, key: UUID, outcome: Outcome) -> timedelta | None:
        """Write what became of the attempt; the endpoint may have been deleted meanwhile.

        It is locked first, as whoever deletes it does: its deliveries go with it.
        """
        await session.execute(_endpoint_of(key).with_for_update(of=WebhookEndpoint))
        statement = select(WebhookDelivery).where(WebhookDelivery.id == key).with_for_update()
        delivery = (await session.execute(statement)).scalar_one_or_none()
        if delivery is None or delivery.status is not WebhookDeliveryStatus.QUEUED:
            return None
        now = self._clock()
        if outcome.failure is None:
            delivery.arrived(outcome.status_code or 0, outcome.duration_ms, now)
            await note_success(session, delivery.endpoint_id)
            return None
        gone = await note_failure(session, delivery.endpoint_id, outcome, self._patience, now)
        last = gone or delivery.attempts >= self._settings.webhook_attempts
        delay = None if last else self.delay(delivery.attempts)
        delivery.failed(outcome.failure, outcome.status_code, outcome.duration_ms, now + delay if delay else None, now)
        log.warning("webhook not delivered", delivery=str(key), failure=outcome.failure.value, dead=last)
        return delay

    def delay(self, attempts: int) -> timedelta:
        """How long to wait after so many attempts: four times as long each time, never all at the same instant."""
        first = timedelta(seconds=self._settings.webhook_retry_delay)
        grown: timedelta = first * GROWTH ** (attempts - 1)
        return min(grown, LONGEST_DELAY) * random.uniform(0.8, 1.2)  # noqa: S311 - nobody is to guess anything by it

    @property
    def lease(self) -> timedelta:
        """Longer than an attempt can take."""
        return timedelta(seconds=2 * self._settings.webhook_timeout + 1)

    @property
    def _patience(self) -> timedelta:
        return timedelta(days=self._settings.webhook_patience_days)


async def _sees(session: AsyncSession, tenant: Tenant, delivery: WebhookDelivery, now: datetime) -> bool:
    found = seen(tenant, delivery.ticket_id, now)
    return found is not None and (await session.execute(*found)).first() is not None


def _endpoint_of(key: UUID) -> Select[UUID]:
    """The endpoint of a delivery, if both are there."""
    mine = WebhookDelivery.endpoint_id == WebhookEndpoint.id
    return select(WebhookEndpoint.id).join(WebhookDelivery, mine).where(WebhookDelivery.id == key)


async def _is_busy(session: AsyncSession, endpoint: WebhookEndpoint, now: datetime) -> bool:
    mine = WebhookDelivery.endpoint_id == endpoint.id, WebhookDelivery.status == WebhookDeliveryStatus.QUEUED
    going_on = select(func.count()).where(*mine, WebhookDelivery.leased_until > now)
    return (await session.execute(going_on)).scalar_one() >= MOST_AT_ONCE
