"""How the demo gets into the database: fast, whole or not at all, and leaving the database as it was."""

import asyncio
from typing import Any

import asyncpg
import pytest

from app.demo.sheets import Batch, Templates, all_tables
from app.demo.store import bulk_loading
from domain.tables import METADATA
from domain.tenants.model import Tenant, TenantKind
from tests.support.demo import NOW, Demo, fingerprint
from tests.support.postgres import Server, migrated_database

pytestmark = pytest.mark.thorough

CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), convalidated FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2
"""
INDEXES = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"
TRIGGERS = "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2"
POLICIES = """
    SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1
"""
STRUCTURE = (CONSTRAINTS, INDEXES, TRIGGERS, POLICIES)
# What lets the triggers derive whatever they derive.
DERIVE = (
    "UPDATE management_relationship SET mode = mode",
    "SELECT derive_customer(id) FROM tenant WHERE kind = 'CUSTOMER'",
    "UPDATE support_contract_link SET linked_at = linked_at",
    "UPDATE ticket SET tenant_id = tenant_id, summary = summary",
)


def test_a_larger_set_stands_beside_it(larger: Demo) -> None:
    counted = """
        SELECT p.name, count(*) FROM management_relationship AS r JOIN tenant AS p ON p.id = r.tenant_id
        WHERE p.name LIKE '% Partners %' GROUP BY p.name ORDER BY p.name
    """
    assert [count for _, count in larger.rows(counted)] == [12, 12]
    assert larger.value("SELECT count(*) FROM tenant WHERE kind = 'PLATFORM'") == 1


def test_another_set_goes_beside_the_first(larger: Demo) -> None:
    before = larger.value("SELECT count(*) FROM tenant WHERE kind = 'PARTNER'")

    assert larger.load(partners=1, customers=3).rows > 0
    assert larger.value("SELECT count(*) FROM tenant WHERE kind = 'PARTNER'") == before + 1
    assert larger.value("SELECT last_value = max(number)::bigint FROM ticket_number, ticket GROUP BY last_value")


def test_loading_leaves_constraints_indexes_triggers_and_policies_as_they_were(larger: Demo, server: Server) -> None:
    with migrated_database(server, "untouched") as database:
        untouched = Demo(database, larger.objects)

        assert [larger.rows(query) for query in STRUCTURE] == [untouched.rows(query) for query in STRUCTURE]


def test_derived_columns_are_what_the_database_would_derive(larger: Demo) -> None:
    derived, loaded = asyncio.run(_derive_again(larger))

    assert derived == loaded


@pytest.mark.parametrize(
    "table", [table.name for table in METADATA.sorted_tables if "managing_partner_id" in table.columns]
)
def test_nobody_but_customers_is_managed(larger: Demo, table: str) -> None:
    key = "id" if table == "tenant" else "tenant_id"
    others = "SELECT id FROM tenant WHERE kind <> 'CUSTOMER'"

    assert larger.value(f"SELECT count(managing_partner_id) FROM {table} WHERE {key} IN ({others})") == 0


async def _derive_again(larger: Demo) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is in each table once the database has derived its columns again, and what was in it before."""
    connection = await asyncpg.connect(larger.database.administrator_url)
    transaction = connection.transaction()
    await transaction.start()
    try:
        before = await _contents(connection)
        for statement in DERIVE:
            await connection.execute(statement)
        return await _contents(connection), before
    finally:
        await transaction.rollback()
        await connection.close()


async def _contents(connection: "asyncpg.Connection[asyncpg.Record]") -> dict[str, Any]:
    tables = [table.name for table in METADATA.sorted_tables]
    return {table: tuple(*await connection.fetch(fingerprint(table))) for table in tables}


def test_what_fails_half_way_leaves_nothing(server: Server, larger: Demo) -> None:
    with migrated_database(server, "failing") as database:
        failing = Demo(database, larger.objects)
        before = [failing.rows(query) for query in STRUCTURE]

        with pytest.raises(asyncpg.ForeignKeyViolationError):
            asyncio.run(_load_an_orphan(database.owner_url))

        assert failing.value("SELECT count(*) FROM tenant") == 0
        assert [failing.rows(query) for query in STRUCTURE] == before


async def _load_an_orphan(url: str) -> None:
    batch = Batch(Templates(NOW))
    nowhere = "00000000-0000-7000-8000-000000000001"
    batch.add(Tenant, id=nowhere, kind=TenantKind.PLATFORM, name="Nowhere", slug="nowhere", support_region_id=nowhere)
    async with bulk_loading(url, all_tables()) as store:
        await store.copy(batch)


def test_a_column_that_there_is_not_is_refused() -> None:
    with pytest.raises(KeyError, match="no column \\['colour'\\]"):
        Batch(Templates(NOW)).add(Tenant, colour="green")
