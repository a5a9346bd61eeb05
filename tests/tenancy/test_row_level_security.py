"""The fence below the grant: what PostgreSQL itself refuses, whatever the application asks.

Whose rows it holds back is shown over rows of everybody in tests/isolation/test_fence.py.
"""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from domain.tables import METADATA
from tenancy.roles import OWNER
from tests.support.postgres import Database

TABLES = sorted(METADATA.tables)
ASKED_WHO_ACTS = {
    "api_token",
    "custom_role",
    "membership",
    "membership_customer_group",
    "membership_service_scope",
    "service_principal",
    "sign_in_session",
    "tenant",
    "tenant_security_settings",
    "user_account",
}
"""What the owner reads besides, for the functions that find out who acts (docs/adr/0022)."""
APPEND_ONLY = ("audit_event", "entitlement_transaction", "ticket_event")


@pytest.fixture
async def application(database: Database) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the application's role, in a transaction that is rolled back."""
    connection = await asyncpg.connect(database.application_url)
    transaction = connection.transaction()
    await transaction.start()
    yield connection
    await transaction.rollback()
    await connection.close()


async def scope(connection: Any, kind: str, tenant_id: UUID | None = None, user_id: UUID | None = None) -> None:
    await connection.execute(
        "SELECT set_config('bailiwick.scope', $1, true), set_config('bailiwick.tenant_id', $2, true),"
        " set_config('bailiwick.user_id', $3, true)",
        kind,
        str(tenant_id or ""),
        str(user_id or ""),
    )


async def tenant(connection: Any, kind: str = "CUSTOMER", environment: str = "COMMERCIAL") -> UUID:
    """A tenant, made in the worker's scope."""
    await scope(connection, "worker")
    key = uuid4()
    await connection.execute(
        "INSERT INTO tenant (id, kind, name, slug, environment, status, partner_type)"
        " VALUES ($1, $2::text, 'Åsa & Söhne', $3, $4, 'ACTIVE', CASE WHEN $2::text = 'PARTNER' THEN 'DIRECT' END)",
        key,
        kind,
        key.hex,
        environment,
    )
    return key


async def relationship(connection: Any, partner: UUID, customer: UUID) -> UUID:
    key = uuid4()
    await connection.execute(
        "INSERT INTO management_relationship (id, tenant_id, customer_tenant_id, mode, status, registered_account,"
        " organization_name, search_name) VALUES ($1, $2, $3, 'PARTNER', 'ACTIVE', 'owner@a.example', '', '')",
        key,
        partner,
        customer,
    )
    return key


async def managing_partner(connection: Any, table: str, customer: UUID) -> UUID | None:
    await scope(connection, "worker")
    column = "id" if table == "tenant" else "tenant_id"
    found: UUID | None = await connection.fetchval(
        f"SELECT managing_partner_id FROM {table} WHERE {column} = $1", customer
    )
    return found


@pytest.mark.parametrize("table", TABLES)
async def test_row_level_security_is_forced(database: Database, table: str) -> None:
    connection = await asyncpg.connect(database.owner_url)
    row = await connection.fetchrow(
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = $1::regclass", table
    )
    policies = await connection.fetch(
        "SELECT policyname, cmd, roles FROM pg_policies WHERE tablename = $1 ORDER BY policyname", table
    )
    await connection.close()
    assert row is not None
    assert tuple(row) == (True, True)
    owners = [("who_acts", "SELECT", [OWNER])] if table in ASKED_WHO_ACTS else []
    assert [tuple(policy) for policy in policies] == [("scope", "ALL", ["public"]), *owners]


async def test_the_applications_role_owns_nothing_and_bypasses_nothing(application: asyncpg.Connection) -> None:
    role = await application.fetchrow(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,"
        " EXISTS (SELECT FROM pg_class WHERE relowner = r.oid) AS owns FROM pg_roles AS r WHERE rolname = current_user"
    )
    assert role is not None
    assert tuple(role) == (False, False, False, False, False)


async def test_a_tenant_cannot_write_rows_of_another(application: asyncpg.Connection) -> None:
    mine, others = await tenant(application), await tenant(application)
    await scope(application, "tenant", mine, uuid4())
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await application.execute(
            "INSERT INTO custom_role (id, tenant_id, name, permissions) VALUES ($1, $2, 'x', '{}')", uuid4(), others
        )


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
async def test_what_is_append_only_cannot_be_changed(database: Database, table: str, statement: str) -> None:
    for url in (database.application_url, database.worker_url):
        connection = await asyncpg.connect(url)
        try:
            await connection.execute("SELECT set_config('bailiwick.scope', 'worker', false)")
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement.format(table))
        finally:
            await connection.close()


class TestManagingPartner:
    async def test_the_partner_follows_the_relationship(self, application: asyncpg.Connection) -> None:
        partner, customer = await tenant(application, "PARTNER"), await tenant(application)
        edge = await relationship(application, partner, customer)
        await settings_of(application, customer)
        assert await managing_partner(application, "tenant_security_settings", customer) == partner
        await application.execute("UPDATE management_relationship SET mode = 'CUSTOMER' WHERE id = $1", edge)
        assert await managing_partner(application, "tenant_security_settings", customer) is None
        assert await managing_partner(application, "tenant", customer) == partner  # licensing stays (spec 4.4)
        await application.execute("DELETE FROM management_relationship WHERE id = $1", edge)
        assert await managing_partner(application, "tenant", customer) is None

    async def test_B18_the_mode_never_goes_back(self, application: asyncpg.Connection) -> None:
        edge = await relationship(application, await tenant(application, "PARTNER"), await tenant(application))
        await application.execute("UPDATE management_relationship SET mode = 'CUSTOMER' WHERE id = $1", edge)
        with pytest.raises(asyncpg.CheckViolationError, match="never goes back"):
            await application.execute("UPDATE management_relationship SET mode = 'PARTNER' WHERE id = $1", edge)

    async def test_B4_environments_never_mix(self, application: asyncpg.Connection) -> None:
        partner = await tenant(application, "PARTNER")
        customer = await tenant(application, environment="US_GOVERNMENT")
        with pytest.raises(asyncpg.CheckViolationError, match="environments"):
            await relationship(application, partner, customer)

    async def test_a_customer_has_one_partner_at_most(self, application: asyncpg.Connection) -> None:
        customer = await tenant(application)
        await relationship(application, await tenant(application, "PARTNER"), customer)
        other = await tenant(application, "PARTNER")
        with pytest.raises(asyncpg.UniqueViolationError):
            await relationship(application, other, customer)

    async def test_B43_the_name_is_folded_for_search(self, application: asyncpg.Connection) -> None:
        edge = await relationship(application, await tenant(application, "PARTNER"), await tenant(application))
        row = await application.fetchrow(
            "SELECT organization_name, search_name FROM management_relationship WHERE id = $1", edge
        )
        assert row is not None
        assert tuple(row) == ("Åsa & Söhne", "asa & sohne")

    async def test_the_callers_scope_is_given_back(self, application: asyncpg.Connection) -> None:
        mine = await tenant(application)
        await scope(application, "tenant", mine, uuid4())
        await settings_of(application, mine)
        assert await application.fetchval("SELECT current_setting('bailiwick.scope')") == "tenant"


async def settings_of(connection: Any, customer: UUID) -> None:
    await connection.execute(
        "INSERT INTO tenant_security_settings (tenant_id, temporary_support_accounts_allowed,"
        " organization_ticket_access, session_timeout_minutes, trusted_ips) VALUES ($1, true, 'VIEW', 60, '{}')",
        customer,
    )
