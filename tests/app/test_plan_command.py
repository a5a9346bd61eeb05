"""`bailiwick plan`: what an operation would read, looked at by those who wrote it."""

import pytest
from graphql import Source

from app.planning import planned
from app.settings import Settings
from tests.support.app import SECRET
from tests.support.postgres import Database

NESTED = "query Q($n: Int!) { customers(first: $n) { nodes { organizationName tickets(first: 5) { totalCount } } } }"


async def told(database: Database, email: str, text: str, *, run: bool = False) -> str:
    settings = Settings(database_url=database.application_url, secret_key=SECRET)
    return await planned(settings, database.application_url, email, Source(text), None, '{"n": 2}', run=run)


@pytest.mark.usefixtures("client", "world")
async def test_each_relation_is_told_with_its_key_its_permission_and_what_the_role_sees(database: Database) -> None:
    lines = (await told(database, "admin@meridian.example", NESTED)).splitlines()
    assert "-- customers: domain.customers.queries.listing, needs customer:read" in lines
    counts = "domain.tickets.lists.of_tenants by managed_tenant_id, needs ticket:read"
    assert f"-- customers.nodes.tickets.totalCount: {counts}" in lines
    assert "-- sees of management_relationship: management_relationship.tenant_id = :actor_tenant_id" in lines


@pytest.mark.usefixtures("client", "world")
async def test_the_selected_columns_are_read_and_no_others(database: Database) -> None:
    text = await told(database, "admin@meridian.example", NESTED)
    assert "management_relationship.organization_name" in text
    assert "customer_profile.notes" not in text


@pytest.mark.usefixtures("client", "world")
async def test_a_list_of_which_only_the_length_is_asked_is_not_read(database: Database) -> None:
    text = await told(database, "admin@meridian.example", NESTED)
    assert "-- customers.nodes.tickets: made without a statement" in text


@pytest.mark.usefixtures("client", "world")
async def test_a_run_tells_time_and_rows_of_each_statement(database: Database) -> None:
    text = await told(database, "admin@meridian.example", NESTED, run=True)
    assert " ms, 2 rows\n" in text


@pytest.mark.usefixtures("client", "world")
async def test_what_the_role_may_not_read_is_told_as_refused(database: Database) -> None:
    text = await told(database, "owner@alder.example", NESTED)
    assert text.startswith("-- customers: domain.customers.queries.listing, needs customer:read\n-- refused: ")


@pytest.mark.usefixtures("client", "world")
async def test_a_mutation_is_not_run(database: Database) -> None:
    pin = f'mutation {{ customerPin(customerId: "customer_{"0" * 32}", input: {{}}) {{ customer {{ id }} }} }}'
    text = await told(database, "admin@meridian.example", pin, run=True)
    assert "-- customerPin: made without a statement" in text
    assert "-- customerPin.customer: domain.customers.queries.by_ids by customer_id" in text
