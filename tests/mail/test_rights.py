"""What the worker's role may do in the database: what jobs need, and no more."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from domain.tables import METADATA
from tests.support.postgres import Database

SECRETS = (
    "api_token",
    "signing_key",
    "sign_in_session",
    "sign_in_attempt",
    "support_contract_link",
    "idempotency_record",
    "attempt_counter",
)
DELETES = {
    "attachment",
    "device",
    "inbound_mail",
    "mail_delivery",
    "notification",
    "outbox_event",
    "webhook_delivery",
}


@pytest.fixture
async def worker(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the worker's role."""
    connection = await asyncpg.connect(database.worker_url)
    yield connection
    await connection.close()


@pytest.mark.parametrize("table", SECRETS)
async def test_it_reads_no_table_of_secrets(worker: asyncpg.Connection, table: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await worker.fetch(f"SELECT FROM {table}")


async def test_it_reads_accounts_without_their_passwords(worker: asyncpg.Connection) -> None:
    await worker.fetch("SELECT id, email, language FROM user_account")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await worker.fetch("SELECT password_hash FROM user_account")


async def test_it_deletes_only_what_is_to_be_forgotten(worker: asyncpg.Connection) -> None:
    asked = "SELECT t FROM unnest($1::text[]) AS t WHERE has_table_privilege(t, 'DELETE')"
    assert {row[0] for row in await worker.fetch(asked, list(METADATA.tables))} == DELETES


async def test_without_a_scope_it_sees_no_row(worker: asyncpg.Connection) -> None:
    for table in ("ticket", "mail_delivery", "outbox_event", "tenant"):
        assert await worker.fetchval(f"SELECT count(*) FROM {table}") == 0


async def test_it_is_no_superuser_and_bypasses_nothing(worker: asyncpg.Connection) -> None:
    role = await worker.fetchrow(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,"
        " EXISTS (SELECT FROM pg_class WHERE relowner = r.oid) AS owns FROM pg_roles AS r WHERE rolname = current_user"
    )
    assert role is not None
    assert list(role.values()) == [False] * 5


async def test_the_servers_role_has_nothing_to_do_with_the_queue(database: Database) -> None:
    connection = await asyncpg.connect(database.application_url)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.fetch("SELECT FROM queue.pgqueuer")
    await connection.close()
