"""What waits in the outbox, carried to a real mail server by the worker's own code and role."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import pytest
from pydantic import SecretStr
from sqlalchemy import select

from app.mail.compose import Composer
from app.mail.transport import transport_of
from app.settings import Settings
from app.worker.delivery import Deliveries
from app.worker.queue import Pool
from app.worker.relay import take
from domain.mail.model import DeliveryStatus, MailDelivery
from tenancy.database import Database
from tests.support.app import SECRET, Running
from tests.support.postbox import Postbox, postbox

SENDER = "Northstar Support <support@northstar.example>"
REPLIES = "reply@in.northstar.example"


@pytest.fixture(name="box")
def _box() -> Iterator[Postbox]:
    """A mail server."""
    with postbox() as box:
        yield box


@dataclass(frozen=True, slots=True)
class Post:
    """The way of mail, a step at a time."""

    client: Running
    box: Postbox
    pool: Pool
    settings: Settings
    deliveries: Deliveries

    async def take(self) -> list[UUID]:
        """Carry over what waits in the outbox; the deliveries that are to be made, the oldest first."""
        await take(self.pool)
        return [one.id for one in await self.log() if one.status is DeliveryStatus.QUEUED]

    async def deliver(self) -> None:
        """Try every delivery once."""
        for key in await self.take():
            await self.deliveries.deliver(key)

    async def log(self) -> list[MailDelivery]:
        """All deliveries, in the order of their events."""
        async with self.client.session() as session:
            ordered = select(MailDelivery).order_by(MailDelivery.created_at, MailDelivery.id)
            return list((await session.execute(ordered)).scalars())

    async def states(self) -> dict[str, str]:
        """What became of the mail to each address."""
        return {one.recipient: one.status.value for one in await self.log()}

    def without_mail_server(self) -> Deliveries:
        """The same, where nobody listens."""
        return self.to("smtp://127.0.0.1:1")

    def to(self, url: str, **changed: object) -> Deliveries:
        """The same, with another mail server."""
        settings = self.settings.model_copy(update={"smtp_url": SecretStr(url), **changed})
        return deliveries_of(self.deliveries._database, settings, self.client)


@pytest.fixture
async def post(client: Running, box: Postbox) -> AsyncIterator[Post]:
    """Everything that mail needs, in the worker's role."""
    configured = {"smtp_url": SecretStr(box.url), "mail_from": SENDER, "mail_reply_to": REPLIES}
    settings = Settings().model_copy(update=configured)
    database = Database(client.addresses.worker_url, pool_size=4)
    async with asyncpg.create_pool(client.addresses.worker_url, min_size=1, max_size=3) as pool:
        await pool.execute("DELETE FROM queue.pgqueuer")
        yield Post(client, box, pool, settings, deliveries_of(database, settings, client))
    await database.close()


def deliveries_of(database: Database, settings: Settings, client: Running) -> Deliveries:
    transport = transport_of(settings)
    assert transport is not None
    return Deliveries(database, Composer.of(settings, SECRET), transport, settings, client.clock)
