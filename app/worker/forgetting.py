"""Forgetting what is old: logs, what was told, and what has expired; never tickets, balances, or the audit log.

A batch is a transaction, so that nobody waits long for one; what a run does not come to, the next one does.
"""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

import structlog

from app.settings import Settings
from app.worker.queue import Pool
from app.worker.relay import SCOPE

BATCH: Final = 1_000
MOST_BATCHES: Final = 100
UNUSED: Final = """
    AND NOT EXISTS (SELECT FROM mail_delivery AS d WHERE d.id = o.id)
    AND NOT EXISTS (SELECT FROM webhook_delivery AS d WHERE d.event_id = o.id)"""

log = structlog.get_logger()


class Kept(NamedTuple):
    """What is kept for so many days: how it is called, and what deletes a batch of what is older."""

    what: str
    days: int
    statement: str


def kept(settings: Settings) -> tuple[Kept, ...]:
    """Everything that is forgotten some day, deliveries before the events that they are of."""
    mail, webhooks = settings.mail_log_days, settings.webhook_log_days
    return (
        Kept("webhook_delivery", webhooks, _older("webhook_delivery", "ended_at")),
        Kept("mail_delivery", mail, _older("mail_delivery", "ended_at")),
        Kept("inbound_mail", mail, _older("inbound_mail", "received_at")),
        Kept("outbox_event", mail, _older("outbox_event", "delivered_at", UNUSED)),
        Kept("notification", settings.notification_days, _older("notification", "created_at")),
        Kept("secrets", settings.expired_days, "SELECT forget_secrets($1, $2::integer)"),
    )


async def forget(pool: Pool, everything: tuple[Kept, ...], now: datetime) -> dict[str, int]:
    """Delete what is older; of what was how much, in thousands at a time."""
    forgotten = {one.what: await _forget(pool, one, now - timedelta(days=one.days)) for one in everything}
    if any(forgotten.values()):
        log.info("forgotten", **forgotten)
    return forgotten


async def _forget(pool: Pool, one: Kept, before: datetime) -> int:
    total = 0
    for _ in range(MOST_BATCHES):
        async with pool.acquire() as connection, connection.transaction():
            await connection.execute(SCOPE)
            deleted: int = await connection.fetchval(one.statement, before, BATCH)
        total += deleted
        if deleted < BATCH:
            break
    return total


def _older(table: str, since: str, besides: str = "") -> str:
    """The statement that deletes a batch of what is older than `$1`, `$2` rows at most, and counts them."""
    old = f"SELECT id FROM {table} AS o WHERE {since} < $1{besides} ORDER BY {since} LIMIT $2"  # noqa: S608 - constants
    deleted = f"DELETE FROM {table} WHERE id = ANY (ARRAY({old})) RETURNING id"  # noqa: S608 - constants
    return f"WITH deleted AS ({deleted}) SELECT count(*) FROM deleted"  # noqa: S608 - constants
