"""Exports as jobs: each is one job, at one worker at a time, made anew where another one was ended."""

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
from domain.exports.running import run
from domain.support.objects import ObjectStore
from tenancy.database import Database

EXPORT: Final = "run_export"
EXPORTS_AT_ONCE: Final = 2
"""Of all workers together: nobody's mail waits for somebody's files."""
LONGEST_DELAY: Final = timedelta(minutes=5)

WAITING: Final = f"""
    SELECT id FROM export_job AS o WHERE status IN ('QUEUED', 'RUNNING') AND NOT EXISTS (
        SELECT FROM queue.pgqueuer AS q
        WHERE q.dedupe_key = '{EXPORT}:' || replace(o.id::text, '-', '') AND q.status IN ('queued', 'picked')
    ) ORDER BY created_at LIMIT $1
"""  # noqa: S608 - a constant

log = structlog.get_logger()


class Exports:
    """Makes files."""

    def __init__(self, database: Database, store: ObjectStore, clock: Clock = utc_now) -> None:
        self._database = database
        self._store = store
        self._clock = clock

    async def job(self, job: Job) -> None:
        """The job of one export; what goes wrong on our side is tried again, some times."""
        key = UUID(bytes=job.payload or b"")
        try:
            await run(self._database, self._store, key, self._clock)
        except Exception:
            log.exception("export interrupted", export=str(key))
            raise RetryRequested(min(timedelta(seconds=2 ** min(job.attempts, 10)), LONGEST_DELAY)) from None


async def relay_exports(pool: Pool, stop: asyncio.Event) -> None:
    """Give exports that are not over a job, where they have none, until `stop`."""
    while not stop.is_set():
        await enqueued(pool, WAITING, EXPORT)
        await pause(stop, EVERY)
