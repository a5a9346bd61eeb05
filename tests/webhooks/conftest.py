"""Events on their way to a real receiver, by the worker's own code and role, a step at a time."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import select

from app.settings import Settings
from app.webhooks.parts import reach_of
from app.webhooks.sending import Sender
from app.worker.queue import Pool
from app.worker.webhook_relay import take_events
from app.worker.webhooks import WebhookDeliveries
from domain.webhooks.model import WebhookDelivery, WebhookEndpoint
from domain.webhooks.secrets import WebhookSecrets
from domain.webhooks.states import WebhookDeliveryStatus
from execution.ids import encode
from tenancy.database import Database
from tests.support import factories as make
from tests.support.app import SECRET, Client, Running
from tests.support.world import World
from tests.webhooks.receiver import Receiver, receiving

NEAR = {"webhook_http": True, "webhook_networks": ("127.0.0.0/8",)}
"""What lets webhooks go to the receivers of tests."""
REPLY = """mutation ($id: ID!) { ticketReplyAdd(ticketId: $id, input: {body: "A secret of the night."}) {
    userErrors { code } } }"""


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """Somebody who receives webhooks."""
    async with receiving() as one:
        yield one


@dataclass(slots=True)
class Hooks:
    """The way of webhooks, a step at a time; `secret` is Alder's."""

    client: Running
    world: World
    receiver: Receiver
    database: Database
    pool: Pool
    settings: Settings
    secrets: WebhookSecrets
    deliveries: WebhookDeliveries
    secret: str = ""

    async def endpoint(self, tenant: UUID | None = None, **values: Any) -> UUID:
        """An endpoint of Alder's, or of another organisation's."""
        secret, sealed = self.secrets.new()
        self.secret = self.secret or secret
        given = {"url": self.receiver.url, "secret_encrypted": sealed}
        async with self.client.session() as session:
            return await make.webhook(session, tenant or self.world.alder.tenant, **(given | values))

    async def reply(self, who: str = "owner@alder.example") -> None:
        """Somebody replies in Alder's ticket."""
        answer = await (await self.client.as_(who)).query(REPLY, id=encode("ticket", self.world.alder.ticket))
        assert answer.data["ticketReplyAdd"]["userErrors"] == []

    async def deliver(self) -> list[timedelta | None]:
        """Carry over what waits in the outbox, and try each delivery once."""
        await take_events(self.pool)
        waiting = [one.id for one in await self.log() if one.status is WebhookDeliveryStatus.QUEUED]
        return [await self.deliveries.deliver(key) for key in waiting]

    async def log(self) -> list[WebhookDelivery]:
        """All deliveries, the oldest first."""
        async with self.client.session() as session:
            ordered = select(WebhookDelivery).order_by(WebhookDelivery.created_at, WebhookDelivery.id)
            return list((await session.execute(ordered)).scalars())

    async def states(self) -> list[tuple[str, str | None]]:
        """What became of each delivery, and why."""
        return [(one.status.value, one.failure and one.failure.value) for one in await self.log()]

    async def row(self, key: UUID) -> WebhookEndpoint:
        """An endpoint as it is stored."""
        async with self.client.session() as session:
            return (await session.execute(select(WebhookEndpoint).where(WebhookEndpoint.id == key))).scalar_one()

    async def as_owner(self) -> Client:
        """Alder's owner."""
        return await self.client.as_("owner@alder.example")

    def sending_by(self, sender: Sender, **changed: Any) -> WebhookDeliveries:
        """The same with another way to send, or other settings."""
        settings = self.settings.model_copy(update=changed)
        return WebhookDeliveries(self.database, self.secrets, sender, settings, self.client.clock)


@pytest.fixture
async def hooks(client: Running, world: World, receiver: Receiver) -> AsyncIterator[Hooks]:
    """Everything that webhooks need, in the worker's role."""
    settings = Settings().model_copy(update={**NEAR, "webhook_timeout": 1.0})
    database = Database(client.addresses.worker_url, pool_size=4)
    secrets, sender = WebhookSecrets(SECRET), Sender(reach_of(settings), settings.webhook_timeout)
    deliveries = WebhookDeliveries(database, secrets, sender, settings, client.clock)
    async with asyncpg.create_pool(client.addresses.worker_url, min_size=1, max_size=3) as pool:
        await pool.execute("DELETE FROM queue.pgqueuer")
        yield Hooks(client, world, receiver, database, pool, settings, secrets, deliveries)
    await sender.close()
    await database.close()
