"""Bulk operations as jobs: each is one job, at one worker at a time, which goes on where another one was ended.

An operation is found by its own row, whether or not a job of it was lost: the queue has no job twice.
"""

import asyncio
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job

from app.clock import Clock, utc_now
from app.worker.queue import Pool
from app.worker.relay import EVERY, enqueued, pause
from domain.bulk.running import GivenUpError, do_next
from tenancy.database import Database

RUN: Final = "run_bulk_operation"
LONGEST_DELAY: Final = timedelta(minutes=5)
AT_ONCE: Final = timedelta()

WAITING: Final = f"""
    SELECT id FROM bulk_operation AS o WHERE status IN ('PENDING', 'RUNNING') AND NOT EXISTS (
        SELECT FROM queue.pgqueuer AS q
        WHERE q.dedupe_key = '{RUN}:' || replace(o.id::text, '-', '') AND q.status IN ('queued', 'picked')
    ) ORDER BY created_at LIMIT $1
"""  # noqa: S608 - a constant

log = structlog.get_logger()


class BulkOperations:
    """Runs operations; once `stopping` is set it begins no further item, and leaves the rest to another worker."""

    def __init__(self, database: Database, stopping: asyncio.Event, clock: Clock = utc_now) -> None:
        self._database = database
        self._stopping = stopping
        self._clock = clock

    async def job(self, job: Job) -> None:
        """The job of one operation; what goes wrong on our side is tried again, an item some times."""
        key = UUID(bytes=job.payload or b"")
        try:
            over = await self.run(key)
        except Exception:
            log.exception("bulk operation interrupted", operation=str(key))
            raise RetryRequested(min(timedelta(seconds=2 ** min(job.attempts, 10)), LONGEST_DELAY)) from None
        if not over:
            raise RetryRequested(AT_ONCE)

    async def run(self, key: UUID) -> bool:
        """Do its items in their order; whether nothing of it is left to do here."""
        while not self._stopping.is_set():
            if not await self._next(key):
                return True
        return False

    async def _next(self, key: UUID) -> bool:
        try:
            return await do_next(self._database, key, self._clock())
        except GivenUpError as given_up:
            log.exception("bulk operation item given up", operation=str(key))
            return given_up.more


async def take_operations(pool: Pool) -> int:
    """Give operations that are not over a job, where they have none; how many there were."""
    return await enqueued(pool, WAITING, RUN)


async def relay_operations(pool: Pool, stop: asyncio.Event) -> None:
    """Do so until `stop`."""
    while not stop.is_set():
        await take_operations(pool)
        await pause(stop, EVERY)
