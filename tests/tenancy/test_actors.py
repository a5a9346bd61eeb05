"""Functions that find an actor see whoever signs in while they run, and their caller sees no more than before."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import delete, select, text

from authz.roles import Role
from domain.tenants.credentials import SignInSession
from domain.tenants.model import Membership, MembershipStatus, User
from tenancy.database import Database
from tenancy.scope import tenant_scope
from tests.support import factories as make
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


ASKED = "SELECT email, tenant_id::text, role, trusted_ips FROM {}($1, $2, NULL, $3)"


async def session_of(client: Running, email: str, user_id: UUID) -> UUID:
    """Somebody signs in: the id of their only session."""
    await client.as_(email)
    async with client.session() as session:
        statement = select(SignInSession.id).where(SignInSession.user_id == user_id)
        return (await session.execute(statement)).scalar_one()


async def test_A31_who_is_looked_for_without_trusted_addresses_is_no_member(client: Running, world: World) -> None:
    alder, now = world.alder, client.clock()
    key = await session_of(client, "user@alder.example", alder.user)
    [member] = await client.database.fetch(ASKED.format("acting_user"), key, alder.user, now)
    assert tuple(member) == ("user@alder.example", str(alder.tenant), "STANDARD_USER", [])
    [anybody] = await client.database.fetch(ASKED.format("acting_participant"), key, alder.user, now)
    assert tuple(anybody) == ("user@alder.example", None, None, None)


async def test_A31_where_the_owner_may_not_read_who_acts_no_member_does(
    client: Running, database: Addresses, world: World
) -> None:
    """As where tables and functions are restored under another owner (docs/adr/0022)."""
    alder, now = world.alder, client.clock()
    key = await session_of(client, "user@alder.example", alder.user)
    owner = await asyncpg.connect(database.owner_url)
    try:
        transaction = owner.transaction()
        await transaction.start()
        await owner.execute("ALTER POLICY who_acts ON membership TO bailiwick_worker")
        [anybody] = await owner.fetch(ASKED.format("acting_user"), key, alder.user, now)
        await transaction.rollback()
    finally:
        await owner.close()
    assert tuple(anybody) == ("user@alder.example", None, None, None)


async def test_whom_their_organisation_has_put_out_takes_no_part_in_its_tickets(client: Running, world: World) -> None:
    """Neither where they act nor as whose an address is: they are no stranger to it (docs/adr/0015)."""
    alder = world.alder
    acting = text("SELECT role FROM places_of(:user, NULL)")
    found = text("SELECT participant_account(email, :tenant) FROM user_account WHERE id = :user")
    values = {"user": alder.user, "tenant": alder.tenant}
    async with client.session() as session:
        await make.change(session, User, alder.user, email_verified_at=client.clock.now)
        await make.participant(session, alder.tenant, alder.ticket, alder.user, added_by_tenant_id=alder.tenant)
        await session.execute(delete(Membership).where(Membership.user_id == alder.user))
        assert (await session.execute(acting, values)).scalars().all() == ["PARTICIPANT"]
        assert (await session.execute(found, values)).scalar() == alder.user
        ended = {"status": MembershipStatus.DISABLED}
        await make.membership(session, alder.tenant, alder.user, Role.STANDARD_USER, **ended)
        assert (await session.execute(acting, values)).scalars().all() == []
        assert (await session.execute(found, values)).scalar() is None


async def test_few_functions_have_more_rights_than_their_caller(database: Addresses) -> None:
    """Those for the worker alone, of the index of words (docs/adr/0008), and who finds out who acts (docs/adr/0022)."""
    connection = await asyncpg.connect(database.owner_url)
    try:
        raised = await connection.fetch(
            """
            SELECT proname, proconfig, has_function_privilege('bailiwick_app', oid, 'EXECUTE'),
                has_function_privilege('bailiwick_worker', oid, 'EXECUTE')
            FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace ORDER BY proname
            """
        )
    finally:
        await connection.close()
    fixed = ["search_path=public, pg_temp"]  # nobody's temporary table comes before the owner's own
    assert [tuple(row) for row in raised] == [
        ("acting_machine", fixed, True, False),
        ("acting_user", fixed, True, False),
        ("forget_secrets", fixed, False, True),
        ("stamp_ticket_words", fixed, False, False),
        ("tickets_that_say", fixed, True, True),
        ("working_machine", fixed, False, True),
        ("working_user", fixed, False, True),
    ]
