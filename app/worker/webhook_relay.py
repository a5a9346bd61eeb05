"""From the outbox to endpoints: a delivery of an event for each one that may hear of it, and a job for it, once."""

import asyncio
from typing import Final

from app.worker.queue import Pool, enqueue
from app.worker.relay import BATCH, EVERY, SCOPE, pause
from domain.webhooks.states import WebhookEventType

DELIVER_WEBHOOK: Final = "deliver_webhook"
TOPICS: Final = [kind.topic for kind in WebhookEventType]

# As mail's: two relays never take the same event. Whether an endpoint may be told is looked at again as it is.
FAN_OUT: Final = """
    WITH waiting AS (
        SELECT id FROM outbox_event WHERE topic = ANY ($2::text[]) AND delivered_at IS NULL
        ORDER BY created_at LIMIT $1 FOR UPDATE SKIP LOCKED
    ), taken AS (
        UPDATE outbox_event AS o SET delivered_at = now() FROM waiting WHERE o.id = waiting.id
        RETURNING o.id, o.created_at, (o.payload ->> 'ticket_id')::uuid AS ticket_id,
            upper(replace(o.topic, '.', '_')) AS event_type
    ), made AS (
        INSERT INTO webhook_delivery
            (id, tenant_id, endpoint_id, event_id, ticket_id, event_type, status, created_at, due_at)
        SELECT gen_random_uuid(), e.tenant_id, e.id, taken.id, t.id, taken.event_type, 'QUEUED', taken.created_at, now()
        FROM taken
        JOIN ticket AS t ON t.id = taken.ticket_id AND t.visibility = 'ORGANIZATION'
        JOIN webhook_endpoint AS e ON e.tenant_id IN (t.tenant_id, t.managing_partner_id)
            AND e.status = 'ENABLED' AND taken.event_type = ANY (e.event_types) AND e.created_at <= taken.created_at
    )
    SELECT count(*) FROM taken
"""
# New ones and replays; and those that are long overdue, as an error nobody thought of ended their job.
WITHOUT_JOB: Final = """
    UPDATE webhook_delivery SET enqueued_at = now() WHERE id IN (
        SELECT id FROM webhook_delivery
        WHERE status = 'QUEUED'
            AND (enqueued_at IS NULL OR greatest(enqueued_at, due_at) < now() - interval '10 minutes')
        ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED
    ) RETURNING id
"""


async def relay_webhooks(pool: Pool, stop: asyncio.Event) -> None:
    """Carry over what comes, until `stop`."""
    while not stop.is_set():
        if await take_events(pool) < BATCH:
            await pause(stop, EVERY)


async def take_events(pool: Pool) -> int:
    """Carry over what waits; how many events there were, or deliveries without a job."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute(SCOPE)
        events: int = await connection.fetchval(FAN_OUT, BATCH, TOPICS)
        keys = [row["id"].bytes for row in await connection.fetch(WITHOUT_JOB, BATCH)]
        await enqueue(connection, DELIVER_WEBHOOK, keys)
    return max(events, len(keys))
