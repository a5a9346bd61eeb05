"""What waits in the outbox for devices, carried to a real gateway by the worker's own code and role."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from pydantic import SecretStr
from sqlalchemy import select, text

from app.push.gateway import provider_of
from app.settings import Settings
from app.worker.push import ID_BYTES, PUSH, Pushes, take_pushes
from app.worker.queue import Pool
from domain.notifications.model import Device
from domain.notifications.secrets import DeviceSecrets
from execution.ids import encode
from tenancy.database import Database
from tests.push.gateway import PushGateway, serving
from tests.schema.asking import AGENT, made, reply
from tests.support import factories as make
from tests.support.app import SECRET, Running
from tests.support.world import World


@pytest.fixture
async def gateway() -> AsyncIterator[PushGateway]:
    """A push gateway."""
    async with serving() as one:
        yield one


@dataclass(frozen=True, slots=True)
class Ringing:
    """The way of push, a step at a time; Alder's user has a device, whose token is `user`."""

    client: Running
    world: World
    gateway: PushGateway
    pool: Pool
    pushes: Pushes

    @property
    def ticket(self) -> str:
        """Alder's, which its user has raised."""
        return encode("ticket", self.world.alder.ticket)

    async def reply(self, **given: Any) -> None:
        """The vendor's agent says something."""
        made(await reply(await self.client.as_(AGENT), self.ticket, **given))

    async def ring(self) -> list[timedelta | None]:
        """Carry over what waits, and try each push once."""
        await take_pushes(self.pool)
        rows = await self.pool.fetch("SELECT payload FROM queue.pgqueuer WHERE entrypoint = $1 ORDER BY id", PUSH)
        keys = [row["payload"] for row in rows]
        return [await self.pushes.push(UUID(bytes=key[:ID_BYTES]), UUID(bytes=key[ID_BYTES:])) for key in keys]

    async def devices(self) -> list[UUID]:
        """Whose devices there are."""
        async with self.client.session() as session:
            return list((await session.execute(select(Device.user_id))).scalars())

    async def sql(self, statement: str, **values: Any) -> None:
        """Change something behind everybody's back."""
        async with self.client.session() as session:
            await session.execute(text(statement), values)


@pytest.fixture
async def ringing(client: Running, world: World, gateway: PushGateway) -> AsyncIterator[Ringing]:
    """Everything that push needs, in the worker's role."""
    settings = Settings().model_copy(update={"push_gateway_url": SecretStr(gateway.url), "push_timeout": 1.0})
    database, provider = Database(client.addresses.worker_url, pool_size=3), provider_of(settings)
    async with client.session() as session:
        await make.device(session, world.alder.user, "user")
    async with asyncpg.create_pool(client.addresses.worker_url, min_size=1, max_size=2) as pool:
        await pool.execute("DELETE FROM queue.pgqueuer")
        yield Ringing(client, world, gateway, pool, Pushes(database, DeviceSecrets(SECRET), provider, client.clock))
    await provider.close()
    await database.close()
