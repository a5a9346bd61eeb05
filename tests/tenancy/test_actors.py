"""Functions that find an actor see as the sign-in does while they run, and their caller sees no more than before."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
import pytest

from tenancy.database import Database
from tenancy.scope import tenant_scope
from tests.support.app import Running
from tests.support.postgres import Database as Addresses
from tests.support.world import World

KEY = UUID(int=7)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
CALLS = {
    "acting_user": ("SELECT * FROM acting_user($1, $1, NULL, $2)", (KEY, NOW)),
    "acting_machine": ("SELECT * FROM acting_machine($1, $2)", ("nobody's", NOW)),
    "acting_account": ("SELECT * FROM acting_account($1, $1, $1, $1, $2)", (KEY, NOW)),
}
SCOPE = "SELECT current_setting('bailiwick.scope', true), current_setting('bailiwick.tenant_id', true)"


@pytest.fixture
async def pool(database: Addresses) -> AsyncIterator[Database]:
    made = Database(database.application_url, pool_size=1)
    yield made
    await made.close()


@pytest.mark.parametrize("name", CALLS)
async def test_whoever_is_unknown_acts_as_nobody(pool: Database, name: str) -> None:
    statement, values = CALLS[name]
    assert await pool.fetch(statement, *values) == []


@pytest.mark.parametrize("name", CALLS)
async def test_the_caller_has_its_scope_back(pool: Database, name: str) -> None:
    statement, values = CALLS[name]
    tenant = uuid4()
    async with pool.snapshot(tenant_scope(tenant, None)) as connection:
        await connection.fetch(statement, *values)
        assert tuple((await connection.fetch(SCOPE))[0]) == ("tenant", str(tenant))


@pytest.mark.parametrize("name", CALLS)
async def test_whoever_had_no_scope_still_has_none(pool: Database, name: str) -> None:
    statement, values = CALLS[name]
    scope = f"(SELECT concat_ws(',', nullif(a, ''), nullif(b, '')) FROM ({SCOPE}) AS s (a, b))"
    rows = await pool.fetch(f"SELECT (SELECT count(*) FROM ({statement}) AS f) AS found, {scope} AS scope", *values)
    assert tuple(rows[0]) == (0, "")


async def test_after_a_function_there_are_still_no_rows(client: Running, world: World) -> None:
    statement, values = CALLS["acting_user"]
    await client.database.fetch(statement, *values)
    assert await client.database.fetch("SELECT FROM membership WHERE tenant_id = $1", world.alder.tenant) == []


async def test_places_are_for_the_sign_in_alone(client: Running, world: World) -> None:
    assert await client.database.fetch("SELECT FROM places_of($1, NULL)", world.alder.owner) == []


async def test_functions_have_the_rights_of_their_caller(database: Addresses) -> None:
    connection = await asyncpg.connect(database.owner_url)
    try:
        raised = await connection.fetch(
            "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        )
    finally:
        await connection.close()
    assert raised == []
