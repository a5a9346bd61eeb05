"""Push: a job for each device that is to hear of something, tried again for a day; dead tokens are dropped.

There is no log of it: what people were told is among their notifications; a push says only that there is something.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job

from app.clock import Clock, utc_now
from app.push.provider import Push, PushProvider, Verdict
from app.worker.queue import Pool, enqueue
from app.worker.relay import BATCH, EVERY, SCOPE, pause
from domain.notifications.model import Channel
from domain.notifications.push import TOPIC, forget, may_hear, parcel
from domain.notifications.secrets import DeviceSecrets
from domain.notifications.wishes import Wishes
from domain.tickets.notifications import NotificationKind
from execution.ids import encode
from tenancy.database import Database
from tenancy.scope import WORKER

PUSH: Final = "push"
FIRST_DELAY: Final = timedelta(seconds=30)
LONGEST_DELAY: Final = timedelta(hours=1)
NEWS: Final = timedelta(days=1)
"""For how long something is worth ringing for."""
ID_BYTES: Final = 16

# As mail's: two relays never take the same event. An event becomes the jobs of its user's devices, or stays.
FAN_OUT: Final = """
    WITH waiting AS (
        SELECT id FROM outbox_event WHERE topic = $2 AND delivered_at IS NULL
        ORDER BY created_at LIMIT $1 FOR UPDATE SKIP LOCKED
    ), taken AS (
        UPDATE outbox_event AS o SET delivered_at = now() FROM waiting WHERE o.id = waiting.id
        RETURNING o.id, (o.payload ->> 'user_id')::uuid AS user_id
    )
    SELECT taken.id, d.id AS device_id FROM taken LEFT JOIN device AS d ON d.user_id = taken.user_id
"""

log = structlog.get_logger()


async def relay_push(pool: Pool, stop: asyncio.Event) -> None:
    """Carry over what comes, until `stop`."""
    while not stop.is_set():
        if await take_pushes(pool) < BATCH:
            await pause(stop, EVERY)


async def take_pushes(pool: Pool) -> int:
    """Carry over what waits; how many events there were."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(SCOPE)
        rows = await connection.fetch(FAN_OUT, BATCH, TOPIC)
        await enqueue(connection, PUSH, [_key(row) for row in rows if row["device_id"]])
    return len({row["id"] for row in rows})


class Pushes:
    """Sends what the queue says is to be sent."""

    def __init__(
        self, database: Database, secrets: DeviceSecrets, provider: PushProvider, clock: Clock = utc_now
    ) -> None:
        self._database = database
        self._secrets = secrets
        self._provider = provider
        self._clock = clock

    async def job(self, job: Job) -> None:
        """The job of one event for one device; raises `RetryRequested` where it is to be tried again."""
        key = job.payload or b""
        event_id, device_id = UUID(bytes=key[:ID_BYTES]), UUID(bytes=key[ID_BYTES:])
        later = min(FIRST_DELAY * 2 ** min(job.attempts, 12), LONGEST_DELAY)
        try:
            again = await self.push(event_id, device_id, later)
        except Exception:
            log.exception("push interrupted", device=str(device_id))
            again = later
        if again is not None:
            raise RetryRequested(again)

    async def push(self, event_id: UUID, device_id: UUID, later: timedelta = FIRST_DELAY) -> timedelta | None:
        """Try once; how long to wait before the next attempt, if there has to be one: `later`, if this one failed."""
        now = self._clock()
        async with self._database.reading(WORKER) as session:
            row = await parcel(session, event_id, device_id, now)
        if row is None or row.created_at < now - NEWS:
            return None
        wishes, kind = Wishes.of(row.wishes), NotificationKind(row.payload["kind"])
        if not wishes.wants(kind, Channel.PUSH):
            return None
        if until := wishes.quiet_until(now):
            return until - now
        if not await self._may_hear(row, now):
            return None
        return await self._send(event_id, device_id, row, later)

    async def _may_hear(self, row: Any, now: datetime) -> bool:
        message_id = row.payload["message_id"]
        ticket_id, said = UUID(row.payload["ticket_id"]), UUID(message_id) if message_id else None
        return await may_hear(self._database, row.user_id, ticket_id, said, now)

    async def _send(self, event_id: UUID, device_id: UUID, row: Any, later: timedelta) -> timedelta | None:
        verdict = await self._provider.send(
            Push(
                event_id=event_id,
                kind=NotificationKind(row.payload["kind"]),
                ticket_id=encode("ticket", UUID(row.payload["ticket_id"])),
                number=row.payload["number"],
                platform=row.platform,
                app_id=row.app_id,
                token=self._secrets.decrypt(row.token_encrypted),
                registered_at=row.registered_at,
            )
        )
        if verdict is Verdict.DEAD:
            await forget(self._database, device_id, row.registered_at)
        return later if verdict is Verdict.FAILED else None


def _key(row: Any) -> bytes:
    """What the job is for: the event, and the device."""
    key: bytes = row["id"].bytes + row["device_id"].bytes
    return key
