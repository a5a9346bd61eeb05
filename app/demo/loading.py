"""Loading the demo once, and larger sets beside it."""

import gc
import time
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import asyncpg
from argon2 import PasswordHasher

from app.demo import accounts, making, organizations
from app.demo.presence import IS_LOADED, is_loaded
from app.demo.reference import Promises, read
from app.demo.sheets import Batch, Templates, all_tables
from app.demo.store import Store, bulk_loading
from app.demo.storing import store_files
from app.demo.timeline import tell
from app.demo.world import Person, World
from app.provision import Addresses, owner_address
from app.secret import secret_key
from app.settings import settings
from authz.roles import Role
from domain.entitlements.secrets import ContractSecrets
from domain.notifications.secrets import DeviceSecrets
from domain.services import catalogue
from domain.tickets.model import Side
from domain.webhooks.secrets import WebhookSecrets

SALT = b"bailiwick's demo"  # the password is public: its hash may be the same everywhere
_TEAM = """
    SELECT u.id, m.id AS membership_id, m.tenant_id, t.name AS tenant_name,
        u.first_name || ' ' || u.last_name AS name, u.email, m.role
    FROM membership AS m JOIN user_account AS u ON u.id = m.user_id JOIN tenant AS t ON t.id = m.tenant_id
    WHERE m.role IN ('AGENT', 'AGENT_LEAD') ORDER BY m.id
"""
_THERE = "SELECT count(*) FILTER (WHERE kind = 'PARTNER'), count(*) FILTER (WHERE kind = 'CUSTOMER') FROM tenant"
_LAST_TICKET = "SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM ticket_number"
_SET_NUMBER = "SELECT setval('ticket_number', $1)"


@dataclass(frozen=True, slots=True)
class Loaded:
    """How much was loaded, and in what time: from connecting to fresh statistics."""

    rows: int
    seconds: float

    @property
    def rows_per_second(self) -> int:
        """The pace."""
        return round(self.rows / self.seconds) if self.seconds else 0


async def load(
    addresses: Addresses,
    *,
    partners: int | None = None,
    customers: int | None = None,
    now: datetime | None = None,
    key: str | None = None,
    objects_url: str | None = None,
) -> Loaded:
    """Load what `make serve` shows, once; with `partners` or `customers`, a larger set beside it, at every call.

    Ids, names and numbers are the same at every load into an empty database; times lie around `now`, by default the
    present. `key` is the installation's secret key and `objects_url` where files are kept, by default as configured
    for the demo.
    """
    loading = _Loading(addresses, now or datetime.now(UTC).replace(microsecond=0), key, objects_url)
    rows = await loading.standard()
    if partners or customers:
        rows += await loading.larger(partners or 1, customers or making.OTHERS)
    return Loaded(rows, time.perf_counter() - loading.began)


class _Loading:
    """One call of `load`."""

    def __init__(self, addresses: Addresses, now: datetime, key: str | None, objects_url: str | None) -> None:
        self.began = time.perf_counter()
        self._addresses = addresses
        self._now = now
        self._key = key
        self._objects_url = objects_url

    async def standard(self) -> int:
        """The named organisations and their customers, unless they are there; the number of rows."""
        if await is_loaded(self._addresses.application):
            return 0
        async with self._bulk() as store:
            if await store.connection.fetchval(IS_LOADED):
                return 0
            await store.copy(await self._publish(store))
            world = await self._world(store)
            await self._write(store, world, making.standard(world))
            store.rows += await tell(store.connection, accounts.ALDER, self._now)
        return store.rows

    async def larger(self, partners: int, customers: int) -> int:
        """So many partners more; the number of rows."""
        async with self._bulk() as store:
            world = await self._world(store)
            world.platform.agents += [_agent(row) for row in await store.connection.fetch(_TEAM)]
            [(partners_there, customers_there)] = await store.connection.fetch(_THERE)
            world.next_ticket = 1 + await store.connection.fetchval(_LAST_TICKET)
            there = (partners_there, customers_there)
            await self._write(store, world, making.larger(world, there, partners, customers))
        return store.rows

    def _bulk(self) -> AbstractAsyncContextManager[Store]:
        return bulk_loading(owner_address(self._addresses), all_tables())

    async def _publish(self, store: Store) -> Batch:
        """What is published and not there yet."""
        batch = Batch(Templates(self._now))
        for model, rows in catalogue.published():
            ids = await store.connection.fetch(f"SELECT id FROM {model.__tablename__}")  # noqa: S608 - a name of ours
            there = {row[0] for row in ids}
            for row in rows:
                if row["id"] not in there:
                    batch.add(model, **row)
        return batch

    async def _world(self, store: Store) -> World:
        published = await read(store.connection)
        key = self._key or secret_key(settings().model_copy(update={"demo": True}))
        return World(
            now=self._now,
            batch=Batch(Templates(self._now)),
            reference=published,
            promises=Promises(published),
            password_hash=PasswordHasher().hash(accounts.PASSWORD, salt=SALT),
            secrets=ContractSecrets(key),
            device_secrets=DeviceSecrets(key),
            webhook_secrets=WebhookSecrets(key),
            platform=organizations.platform(),
        )

    async def _write(self, store: Store, world: World, batches: Iterator[Batch]) -> None:
        """Copy batch after batch (making the next one in a thread meanwhile is no faster), then what goes with them."""
        with _without_garbage_collection():
            for batch in batches:
                await store.copy(batch)
        await store_files(self._objects_url or settings().objects_url, world.files)
        await store.connection.execute(_SET_NUMBER, world.next_ticket - 1)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Rows are tuples that nothing points back from: looking through them for cycles costs a fifth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _agent(row: asyncpg.Record) -> Person:
    return Person(
        id=row["id"],
        membership_id=row["membership_id"],
        tenant_id=row["tenant_id"],
        tenant_name=row["tenant_name"],
        name=row["name"],
        email=row["email"],
        role=Role(row["role"]),
        side=Side.VENDOR,
    )
