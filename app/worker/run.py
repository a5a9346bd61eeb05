"""A worker: one process that runs jobs until it is told to stop, however often it loses its database meanwhile."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Final

import asyncpg
import structlog
from pgqueuer.applications import PgQueuer
from pgqueuer.errors import PgqException
from pgqueuer.models import Schedule
from sqlalchemy.exc import SQLAlchemyError

from app.attachments.parts import uploads_of
from app.clock import utc_now
from app.mail.compose import Composer
from app.mail.transport import transport_of
from app.push.gateway import provider_of
from app.settings import Settings
from app.worker.bulk import RUN, BulkOperations, relay_operations
from app.worker.delivery import Deliveries
from app.worker.export_schedules import run_schedules
from app.worker.exports import EXPORT, EXPORTS_AT_ONCE, Exports, relay_exports
from app.worker.forgetting import forget, kept
from app.worker.housekeeping import close_resolved, sweep_accounts, trim_log
from app.worker.push import PUSH, Pushes, relay_push
from app.worker.queue import DELIVER, Pool, queue_of
from app.worker.relay import pause, relay, rescue
from app.worker.warnings import warn
from app.worker.webhook_jobs import webhook_jobs
from app.worker.webhook_relay import relay_webhooks
from domain import tables  # noqa: F401 - all of them, for the references between them
from domain.exports.expiry import sweep_exports
from domain.notifications.secrets import DeviceSecrets
from domain.support.uploads import Uploads
from domain.tickets.uploads import scan_uploads, sweep_uploads
from tenancy.database import Database
from tenancy.url import driver_url

CONCURRENT: Final = 10
PUSHES_AT_ONCE: Final = 6
"""Of all workers together: a slow gateway keeps no mail waiting."""
BACK_IN: Final = 1.0
LOOKS: Final = timedelta(seconds=1)
"""How long the queue waits to be told of jobs: what a lost connection was told of is found all the same."""
LOST: Final = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, SQLAlchemyError, PgqException)

log = structlog.get_logger()


def work(settings: Settings, url: str, secret: str) -> None:
    """Run jobs of the database at `url`, which is the worker's role's, until SIGINT or SIGTERM."""
    asyncio.run(_work(settings, url, secret))


def follow_input() -> None:
    """Stop when whoever holds the other end of the standard input is gone, however it ended."""

    def follow() -> None:
        while os.read(sys.stdin.fileno(), 1):  # unbuffered: Python could not end while another thread holds a buffer
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=follow, daemon=True).start()


async def _work(settings: Settings, url: str, secret: str) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    if transport_of(settings) is None:
        log.warning("mail waits: BAILIWICK_SMTP_URL is not set")
    log.info("worker started")
    while not stop.is_set():
        try:
            async with asyncio.TaskGroup() as tasks, _jobs(settings, url, secret, stop) as (pool, queue):
                tasks.create_task(_end(queue, stop))
                tasks.create_task(relay_webhooks(pool, stop))
                tasks.create_task(relay_operations(pool, stop))
                tasks.create_task(relay_exports(pool, stop))
                tasks.create_task(relay_push(pool, stop))
                if transport_of(settings) is not None:
                    tasks.create_task(relay(pool, stop))
                await queue.run(
                    batch_size=CONCURRENT // 2,
                    max_concurrent_tasks=CONCURRENT,
                    dequeue_timeout=LOOKS,
                    heartbeat_timeout=timedelta(seconds=settings.worker_heartbeat),
                )
        except* LOST as lost:
            log.warning("worker begins anew", error=repr(lost.exceptions[0]))
            await pause(stop, BACK_IN)
    log.info("worker stopped")


async def _end(queue: PgQueuer, stop: asyncio.Event) -> None:
    """Let running jobs finish, and begin no other."""
    await stop.wait()
    queue.shutdown.set()


@asynccontextmanager
async def _jobs(settings: Settings, url: str, secret: str, stop: asyncio.Event) -> AsyncIterator[tuple[Pool, PgQueuer]]:
    """The queue with everything that it runs, and connections for it."""
    database = Database(url, pool_size=CONCURRENT + 2)
    try:
        async with asyncpg.create_pool(driver_url(url), min_size=2, max_size=6) as pool:
            queue = queue_of(pool)
            uploads = uploads_of(settings.objects_url, secret, settings.scanner_url)
            _register_mail(queue, settings, secret, database)
            _register_uploads(queue, uploads, database)
            queue.entrypoint(RUN)(BulkOperations(database, stop).job)
            _register_exports(queue, uploads, database)
            _register_housekeeping(queue, settings, database, pool)
            async with webhook_jobs(queue, settings, secret, database), _push_jobs(queue, settings, secret, database):
                yield pool, queue
    finally:
        await database.close()


def _register_mail(queue: PgQueuer, settings: Settings, secret: str, database: Database) -> None:
    transport = transport_of(settings)
    if transport is not None:
        deliveries = Deliveries(database, Composer.of(settings, secret), transport, settings)
        queue.entrypoint(DELIVER)(deliveries.job)


@asynccontextmanager
async def _push_jobs(queue: PgQueuer, settings: Settings, secret: str, database: Database) -> AsyncIterator[None]:
    provider = provider_of(settings)
    pushes = Pushes(database, DeviceSecrets(secret), provider)
    queue.entrypoint(PUSH, concurrency_limit=PUSHES_AT_ONCE)(pushes.job)
    try:
        yield
    finally:
        await provider.close()


def _register_uploads(queue: PgQueuer, uploads: Uploads, database: Database) -> None:
    @queue.schedule("scan_uploads", "* * * * *")
    async def _scan(_schedule: Schedule) -> None:
        await scan_uploads(database, uploads, utc_now())

    @queue.schedule("sweep_uploads", "37 * * * *")
    async def _sweep_uploads(_schedule: Schedule) -> None:
        await sweep_uploads(database, uploads.store, utc_now())
        await sweep_exports(database, uploads.store, utc_now())


def _register_exports(queue: PgQueuer, uploads: Uploads, database: Database) -> None:
    queue.entrypoint(EXPORT, concurrency_limit=EXPORTS_AT_ONCE)(Exports(database, uploads.store).job)

    @queue.schedule("run_export_schedules", "* * * * *")
    async def _run_schedules(_schedule: Schedule) -> None:
        await run_schedules(database, utc_now())


def _register_housekeeping(queue: PgQueuer, settings: Settings, database: Database, pool: Pool) -> None:
    if not settings.demo:  # whose past is to stay as it is told

        @queue.schedule("forget", "53 * * * *")
        async def _forget(_schedule: Schedule) -> None:
            await forget(pool, kept(settings), utc_now())

        @queue.schedule("close_resolved", "7 * * * *")
        async def _close(_schedule: Schedule) -> None:
            await close_resolved(database, settings.auto_close_days, utc_now())

    @queue.schedule("warn", "*/5 * * * *")
    async def _warn(_schedule: Schedule) -> None:
        await warn(database, utc_now())

    @queue.schedule("sweep_accounts", "*/15 * * * *")
    async def _sweep(_schedule: Schedule) -> None:
        await sweep_accounts(database, utc_now())

    @queue.schedule("rescue_mail", "*/5 * * * *")
    async def _rescue(_schedule: Schedule) -> None:
        await rescue(pool)

    @queue.schedule("trim_log", "23 3 * * *")
    async def _trim(_schedule: Schedule) -> None:
        await trim_log(pool)
