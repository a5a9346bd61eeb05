"""The jobs of webhooks, and what they need while a worker runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from pgqueuer.applications import PgQueuer

from app.settings import Settings
from app.webhooks.parts import reach_of
from app.webhooks.sending import Sender
from app.worker.webhook_relay import DELIVER_WEBHOOK
from app.worker.webhooks import WebhookDeliveries
from domain.webhooks.secrets import WebhookSecrets
from tenancy.database import Database

AT_ONCE: Final = 6
"""Of all workers together: the rest of what one does at once is for mail and other jobs, however slow endpoints are."""


@asynccontextmanager
async def webhook_jobs(queue: PgQueuer, settings: Settings, secret: str, database: Database) -> AsyncIterator[None]:
    """Register them, for as long as the block runs."""
    sender = Sender(reach_of(settings), settings.webhook_timeout)
    deliveries = WebhookDeliveries(database, WebhookSecrets(secret), sender, settings)
    queue.entrypoint(DELIVER_WEBHOOK, concurrency_limit=AT_ONCE)(deliveries.job)

    try:
        yield
    finally:
        await sender.close()
