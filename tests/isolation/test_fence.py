"""Row-level security by itself, below the grant, over rows of everybody: what it lets through to a stranger."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import orjson
import pytest

from authz.roles import Role
from domain.notifications.model import NotificationPreferences
from domain.records.model import IdempotencyRecord
from domain.tables import METADATA
from domain.tickets.events import TicketEventKind
from domain.tickets.model import MessageVisibility
from tests.authz.ground import laid
from tests.support import factories as make
from tests.support.app import Running
from tests.support.factories.adding import add, add_plain
from tests.support.world import World

PUBLISHED = {
    "agreement",
    "calendar_exception",
    "calendar_interval",
    "service",
    "sla_policy",
    "sla_target",
    "support_channel",
    "support_region",
}
"""What everybody reads."""
OF_NOBODY = {"attempt_counter", "inbound_mail", "mail_delivery", "sign_in_attempt", "signing_key"}
"""Tables without rows here: those of the installation, and the worker's."""
SENT_FOR_OTHERS = {"outbox_event"}
"""What is told of a ticket leaves in the name of its tenant, whoever did it; nobody reads it back."""
TABLES = sorted(set(METADATA.tables) - OF_NOBODY)
SCOPE = """
    SELECT set_config('bailiwick.scope', $1, true), set_config('bailiwick.tenant_id', $2, true),
        set_config('bailiwick.user_id', $3, true)
"""


@pytest.fixture(name="everybody")
async def _everybody(client: Running) -> World:
    """A row in every table that is anybody's."""
    found, _ = await laid(client)
    meridian, alder = found.meridian.tenant, found.alder
    async with client.session() as session:
        await make.pool(session, meridian, found.catalogue.backup)
        staff = await make.user(session, "grouped@meridian.example")
        member = await make.membership(session, meridian, staff, Role.PARTNER_USER)
        await make.customer_group(session, meridian, alder.tenant, included_for=member)
        await add_plain(session, NotificationPreferences, user_id=alder.user)
        key = {"principal_id": alder.user, "key": "once", "operation": "ticketCreate", "body_hash": "", "result": {}}
        await add(session, IdempotencyRecord, tenant_id=alder.tenant, **key)
    return found


@pytest.fixture
async def connection(client: Running) -> AsyncIterator[asyncpg.Connection]:
    """Of the application's role, in a transaction that is rolled back."""
    made = await asyncpg.connect(client.addresses.application_url)
    transaction = made.transaction()
    await transaction.start()
    yield made
    await transaction.rollback()
    await made.close()


async def become(connection: Any, kind: str, tenant: UUID | str = "", user: UUID | str = "") -> None:
    await connection.execute(SCOPE, kind, str(tenant), str(user))


async def stored(connection: Any) -> dict[str, dict[str, Any] | None]:
    """A row of each table, as the worker sees it."""
    await become(connection, "worker")
    return {
        table: orjson.loads(await connection.fetchval(f"SELECT to_jsonb(t) FROM {table} AS t LIMIT 1") or "null")
        for table in TABLES
    }


async def is_written(connection: Any, table: str, row: dict[str, Any]) -> bool:
    """Whether another row like this one is let through."""
    another = row | {name: str(uuid4()) for name in ("id",) if name in row}
    try:
        async with connection.transaction():
            columns = ", ".join(column.name for column in METADATA.tables[table].columns if column.computed is None)
            given = f"SELECT {columns} FROM jsonb_populate_record(NULL::{table}, $1::jsonb)"
            statement = f"INSERT INTO {table} ({columns}) {given}"
            await connection.execute(statement, orjson.dumps(another).decode())
    except asyncpg.InsufficientPrivilegeError:
        return False
    return True


async def seen(connection: Any) -> set[str]:
    """The tables of which any row is let through."""
    return {table for table in TABLES if await connection.fetchval(f"SELECT EXISTS (SELECT FROM {table})")}


@pytest.mark.usefixtures("everybody")
async def test_without_a_scope_there_are_no_rows(connection: asyncpg.Connection) -> None:
    await become(connection, "worker")
    assert await seen(connection) == set(TABLES)
    await become(connection, "")
    assert await seen(connection) == set()


@pytest.mark.usefixtures("everybody")
async def test_K1_a_stranger_reads_and_writes_no_row_of_anybody(connection: asyncpg.Connection) -> None:
    rows = await stored(connection)
    assert None not in rows.values()
    await become(connection, "tenant", uuid4(), uuid4())
    assert await seen(connection) == PUBLISHED
    written = {table for table, row in rows.items() if row and await is_written(connection, table, row)}
    assert written == SENT_FOR_OTHERS


async def test_4_3_12_what_is_internal_in_a_timeline_is_the_vendors_alone_even_to_the_database(
    client: Running, everybody: World, connection: asyncpg.Connection
) -> None:
    alder, internal = everybody.alder, {"visibility": MessageVisibility.INTERNAL, "kind": TicketEventKind.NOTED}
    async with client.session() as session:
        await make.event(session, alder.tenant, alder.ticket)
        await make.event(session, alder.tenant, alder.ticket, **internal)
    kinds = "SELECT DISTINCT visibility FROM ticket_event WHERE ticket_id = $1 ORDER BY 1"
    found = {}
    for tenant in (alder.tenant, everybody.meridian.tenant):
        await become(connection, "tenant", tenant, alder.user)
        found[tenant] = [row[0] for row in await connection.fetch(kinds, alder.ticket)]
    await become(connection, "platform", everybody.platform.tenant, everybody.platform.agent)
    assert list(found.values()) == [["PUBLIC"], ["PUBLIC"]]
    assert [row[0] for row in await connection.fetch(kinds, alder.ticket)] == ["INTERNAL", "PUBLIC"]
