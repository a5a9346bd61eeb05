"""A migration that fills a column finds rows there, and goes on where it was interrupted."""

import asyncio
from typing import Any

import asyncpg
import pytest

from tenancy.migrate import downgrade, upgrade
from tests.support.postgres import Database, Server

TICKET = """
    INSERT INTO ticket (id, tenant_id, kind, origin, status, visibility, summary, details, job_ids, contact_name,
        contact_email, requester_user_id, requester_tenant_id, requester_name, requester_side, reopened_count)
    SELECT gen_random_uuid(), t.id, 'ADVISORY', 'PORTAL', 'OPEN', 'ORGANIZATION', 'Żaba & Söhne', 'Crème-Brûlée.',
        '{JOB-7}', 'Zoë', 'zoe@elan.example', t.id, t.id, 'Zoë', 'CUSTOMER', 0
    FROM tenant AS t
"""
TENANT = """
    INSERT INTO tenant (id, kind, name, slug, environment, status)
    VALUES (gen_random_uuid(), 'CUSTOMER', 'Élan', 'elan', 'COMMERCIAL', 'ACTIVE')
"""
FILLED = "SELECT substr(search_text, 11), desk_id = tenant_id FROM ticket"  # without the number
EMPTY = "ALTER TABLE ticket ADD COLUMN search_text TEXT, ADD COLUMN desk_id UUID"


@pytest.fixture
def scratch(server: Server, database: Database) -> Database:
    """A database of the revision before, with a ticket."""
    made = server.create(f"{database.name}_scratch")
    upgrade(made.owner_url, "0011")
    run(made, "ALTER TABLE ticket DISABLE TRIGGER USER", TENANT, TICKET, "ALTER TABLE ticket ENABLE TRIGGER USER")
    return made


def run(database: Database, *statements: str) -> list[Any]:
    """What the last statement gives, as a superuser."""

    async def rows() -> list[Any]:
        connection = await asyncpg.connect(database.administrator_url)
        try:
            return [[tuple(row) for row in await connection.fetch(each)] for each in statements][-1]
        finally:
            await connection.close()

    return asyncio.run(rows())


def test_a_ticket_that_was_there_has_its_words_and_its_desk(scratch: Database) -> None:
    upgrade(scratch.owner_url)
    assert run(scratch, FILLED) == [("zaba sohne creme brulee zoe zoe elan example job 7 ", True)]


def test_what_was_interrupted_is_done_again(scratch: Database) -> None:
    run(scratch, EMPTY, "CREATE INDEX ix_ticket_created_at ON ticket (created_at)")
    upgrade(scratch.owner_url)
    assert run(scratch, FILLED) == [("zaba sohne creme brulee zoe zoe elan example job 7 ", True)]
    index = "SELECT pg_get_indexdef('ix_ticket_created_at'::regclass)"
    assert run(scratch, index)[0][0].endswith("(created_at, id)")


def test_the_way_back_leaves_the_tickets(scratch: Database) -> None:
    upgrade(scratch.owner_url)
    downgrade(scratch.owner_url, "0011")
    assert run(scratch, "SELECT summary FROM ticket") == [("Żaba & Söhne",)]
