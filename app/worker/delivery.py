"""Sending one mail: claimed by a lock on its row, looked at once more, sent, and noted as sent.

The lock is held until the outcome is written. Whoever dies meanwhile leaves the row as it was, and somebody else sends
it; whoever is late finds it locked or ended. Only a death between the mail server's yes and the commit sends a mail
twice, under the same Message-ID: SMTP has no way to ask (docs/adr/0012).
"""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from jinja2 import TemplateError
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import Clock, utc_now
from app.mail.compose import Composer
from app.mail.content import NoTemplateError
from app.mail.transport import Transport, UndeliverableError
from app.settings import Settings
from domain.mail.letters import AT, DELIVERY, letter
from domain.mail.model import DeliveryStatus, MailDelivery
from domain.mail.recipients import Told, told
from domain.notifications.model import Channel
from domain.notifications.wishes import KIND_OF_MAIL, Wishes
from domain.tenants.account_mail import ASKED, reply_to
from domain.tenants.account_tokens import hash_of
from tenancy.database import Database
from tenancy.scope import WORKER

LONGEST_DELAY: Final = timedelta(hours=1)
BUSY: Final = timedelta(seconds=30)

log = structlog.get_logger()


class Deliveries:
    """Sends what the queue says is to be sent."""

    def __init__(
        self,
        database: Database,
        composer: Composer,
        transport: Transport,
        settings: Settings,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._composer = composer
        self._transport = transport
        self._settings = settings
        self._clock = clock

    async def job(self, job: Job) -> None:
        """The job of one delivery; raises `RetryRequested` where it is to be tried again.

        Whatever went wrong on our side, such as a lost database, has left the row as it was: its job comes back.
        """
        key = UUID(bytes=job.payload or b"")
        try:
            again = await self.deliver(key)
        except Exception:
            log.exception("delivery interrupted", delivery=str(key))
            again = min(timedelta(seconds=2 ** min(job.attempts, 12)), LONGEST_DELAY)
        if again is not None:
            raise RetryRequested(again)

    async def deliver(self, key: UUID) -> timedelta | None:
        """Try once, unless it is done; how long to wait before the next attempt, if there has to be one."""
        async with self._database.writing(WORKER) as session:
            statement = select(MailDelivery).where(MailDelivery.id == key)
            queued = statement.where(MailDelivery.status == DeliveryStatus.QUEUED)
            delivery = (await session.execute(queued.with_for_update(skip_locked=True))).scalar_one_or_none()
            if delivery is None:
                return BUSY if (await session.execute(queued)).first() else None
            return await self._attempt(session, delivery)

    async def _attempt(self, session: AsyncSession, delivery: MailDelivery) -> timedelta | None:
        now = self._clock()
        row = (await session.execute(letter(), {DELIVERY.key: delivery.id, AT.key: now})).one()
        how_much = told(row)
        wishes, kind = Wishes.of(row.wishes), KIND_OF_MAIL.get(delivery.template)
        if kind and how_much is not Told.NOTHING and (later := wishes.quiet_until(now)):
            delivery.postpone(later)
            return later - now
        delivery.attempts += 1
        if how_much is Told.NOTHING:
            delivery.suppress("The recipient may not be told of this any more.", now)
            return None
        if kind and not wishes.wants(kind, Channel.MAIL):
            delivery.suppress("The recipient has switched this off.", now)
            return None
        return await self._send(session, delivery, row, how_much, now)

    async def _send(
        self, session: AsyncSession, delivery: MailDelivery, row: Any, how_much: Told, now: datetime
    ) -> timedelta | None:
        more = await self._account(session, delivery, row.payload, now) if row.payload.get("template") in ASKED else {}
        if more is None:
            delivery.suppress("There is no account to send a link for.", now)
            return None
        to, template = delivery.recipient, delivery.template
        try:
            mail = self._composer.compose(delivery.id, to, template, row, how_much, now, **more)
            await self._transport.send(mail)
        except UndeliverableError as error:
            return self._failed(delivery, str(error), now, permanent=error.permanent)
        except (NoTemplateError, TemplateError, ValueError) as error:  # nothing that another attempt would mend
            return self._failed(delivery, f"{type(error).__name__}: {error}", now, permanent=True)
        kept = mail.as_bytes().decode("ascii") if self._settings.demo else None
        stated = row.agreement_version if "Reply-To" in mail else None
        delivery.sent(str(mail["Message-ID"]), self._clock(), kept, stated)
        return None

    async def _account(
        self, session: AsyncSession, delivery: MailDelivery, payload: dict[str, Any], now: datetime
    ) -> dict[str, Any] | None:
        """What a mail about an account says, which is found out now; None where it is not to leave (C3, C5, C15)."""
        links = self._composer.links
        reply = await reply_to(session, delivery.id, payload, hash_of(links.token(delivery.id)), now)
        if reply is None:
            return None
        delivery.template = reply.template
        return {"link": links.url(delivery.id), "hours": reply.hours}

    def _failed(self, delivery: MailDelivery, error: str, now: datetime, *, permanent: bool) -> timedelta | None:
        last = permanent or delivery.attempts >= self._settings.mail_attempts
        delay = None if last else self.delay(delivery.attempts)
        delivery.failed(error, now + delay if delay else None, now)
        log.warning("mail not delivered", delivery=str(delivery.id), attempts=delivery.attempts, dead=last, error=error)
        return delay

    def delay(self, attempts: int) -> timedelta:
        """How long to wait after so many attempts."""
        first = timedelta(seconds=self._settings.mail_retry_delay)
        doubled: timedelta = first * 2 ** (attempts - 1)
        return min(doubled, LONGEST_DELAY)
