"""From the outbox to the queue: what a transaction left to be told becomes jobs, once.

Requests write outbox rows alone. A job for each in their own transaction would cost every command a NOTIFY, for which
PostgreSQL lets transactions commit one after another; looking twice a second costs one look at a small index.
"""

import asyncio
from typing import Final

from app.worker.queue import DELIVER, Pool, enqueue

EVERY: Final = 0.5
BATCH: Final = 200
SCOPE: Final = "SELECT set_config('bailiwick.scope', 'worker', true)"

# Two relays never take the same event, and an event becomes a delivery and its job in one transaction, or stays.
TAKE: Final = """
    WITH waiting AS (
        SELECT id FROM outbox_event WHERE topic = 'mail' AND delivered_at IS NULL
        ORDER BY created_at LIMIT $1 FOR UPDATE SKIP LOCKED
    ), taken AS (
        UPDATE outbox_event AS o SET delivered_at = now() FROM waiting WHERE o.id = waiting.id
        RETURNING o.id, o.tenant_id, o.payload, o.created_at
    )
    INSERT INTO mail_delivery (id, tenant_id, ticket_id, recipient, template, status, created_at, due_at)
    SELECT id, tenant_id, (payload ->> 'ticket_id')::uuid, lower(coalesce(payload ->> 'to', '')),
        coalesce(payload ->> 'template', ''), 'QUEUED', created_at, now()
    FROM taken RETURNING id
"""
OVERDUE: Final = """
    SELECT id FROM mail_delivery WHERE status = 'QUEUED' AND due_at < now() - interval '10 minutes' LIMIT $1
"""


async def relay(pool: Pool, stop: asyncio.Event) -> None:
    """Carry over what comes, until `stop`."""
    while not stop.is_set():
        if await take(pool) < BATCH:
            await pause(stop, EVERY)


async def take(pool: Pool) -> int:
    """Carry over what waits; how many events there were."""
    return await enqueued(pool, TAKE, DELIVER)


async def rescue(pool: Pool) -> int:
    """Give deliveries that are long overdue a job, where they have none: an error nobody thought of ended the last."""
    return await enqueued(pool, OVERDUE, DELIVER)


async def enqueued(pool: Pool, statement: str, entrypoint: str) -> int:
    """Give what a statement finds, at most a batch of it, a job where it has none; how much there was."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(SCOPE)
        keys = [row["id"].bytes for row in await connection.fetch(statement, BATCH)]
        await enqueue(connection, entrypoint, keys)
    return len(keys)


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait, but not longer than until `stop`."""
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
