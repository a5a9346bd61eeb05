"""Rare words are found by an index, common ones from ticket to ticket: what is found is the same (spec 3, 20)."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text

from authz.roles import Role
from domain.customers.model import ManagementMode, ManagementRelationship
from domain.tickets.finding import ways_to
from domain.tickets.model import Ticket, TicketVisibility
from execution.ids import decode, encode
from tests.domain.tickets.test_search import ADMIN, found, raised
from tests.schema.asking import done
from tests.support import factories as make
from tests.support.app import Running
from tests.support.postgres import Database
from tests.support.powers import powers
from tests.support.snapshots import STAMPED
from tests.support.world import World

LEAD = "lead@northstar.example"
SAY = "SELECT tickets_that_say(ARRAY(SELECT searchable(word) FROM unnest($1::text[]) AS word))"
COPIES = text("""
    INSERT INTO ticket SELECT copy.* FROM ticket AS t, generate_series(1, :count) AS n,
        jsonb_populate_record(t, jsonb_build_object(
            'id', gen_random_uuid(), 'number', 'COPY-' || :summary || n, 'summary', :summary || ' ' || n,
            'created_at', t.created_at - make_interval(secs => :later + n))) AS copy
    WHERE t.id = :id
""")
VIEWERS = """query ($search: String) { viewer {
  tickets(first: 2, search: $search) { totalCount nodes { id } } } }"""
RANKED = "query ($search: String) { tickets(first: 9, search: $search, orderBy: RELEVANCE) { nodes { id } } }"
PAGE = """query ($search: String, $after: String) { tickets(first: 2, search: $search, after: $after) {
  nodes { summary } pageInfo { endCursor } } }"""


async def copies(client: Running, ticket: UUID, count: int, summary: str, later: int = 0) -> None:
    """So many tickets like this one, each a second older than the one before, the first by `later` and one."""
    async with client.session() as session:
        await session.execute(COPIES, {"id": ticket, "count": count, "summary": summary, "later": later})


async def said(
    database: Database, scope: str, tenant: UUID | None, *words: str, user: UUID | None = None
) -> list[UUID] | None:
    """What the index tells the server's role in a scope; None where a list is to be read instead."""
    connection = await asyncpg.connect(database.application_url)
    try:
        for name, value in {"scope": scope, "tenant_id": str(tenant or ""), "user_id": str(user or "")}.items():
            await connection.execute("SELECT set_config($1, $2, false)", f"bailiwick.{name}", value)
        ids: list[UUID] | None = await connection.fetchval(SAY, list(words))
        return ids
    finally:
        await connection.close()


@pytest.mark.parametrize("who", [ADMIN, LEAD])
async def test_what_is_rare_and_what_is_common_is_found_in_the_same_order(
    client: Running, world: World, database: Database, who: str
) -> None:
    rare = await raised(client, world.alder.tenant, summary="The quokka wombat")
    await copies(client, decode(rare)[1], 80, "Wombat")
    await copies(client, decode(rare)[1], 3, "Older quokka", later=80)
    desk = ("tenant", world.meridian.tenant) if who == ADMIN else ("platform", None)
    assert await said(database, *desk, "wombat") is None
    assert len(await said(database, *desk, "older", "quokka") or ()) == 3
    client_of = await client.as_(who)
    assert len(await found(client_of, "wombat")) == 81
    assert len(await found(client_of, "quokka older")) == 3
    assert (await found(client_of, "the quokka"))[0] == rare
    pages, after = [], None
    for _ in range(2):
        page = await done(client_of, PAGE, search="older", after=after)
        pages += [node["summary"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert pages == ["Older quokka 1", "Older quokka 2", "Older quokka 3"]


async def test_more_than_2000_are_no_longer_few(client: Running, world: World, database: Database) -> None:
    first = await raised(client, world.alder.tenant, summary="Nothing else")
    await copies(client, decode(first)[1], 100, "Newer")
    await copies(client, world.alder.ticket, 2_001, "Quokka")
    assert await said(database, "tenant", world.meridian.tenant, "quokka") is None
    assert len(await said(database, "tenant", world.meridian.tenant, "quokka", "7") or ()) == 1
    page = await done(await client.as_(ADMIN), PAGE, search="quokka")
    assert [node["summary"] for node in page["nodes"]] == ["Quokka 1", "Quokka 2"]


async def test_the_viewers_own_field_takes_the_same_ways(client: Running, world: World) -> None:
    tickets = [await raised(client, world.alder.tenant, summary=f"Quokka {number}") for number in range(3)]
    for who in (ADMIN, LEAD):
        answer = await (await client.as_(who)).query(VIEWERS, search="quokka")
        assert answer.data["viewer"]["tickets"] == {"totalCount": 3, "nodes": [{"id": i} for i in tickets[:0:-1]]}


async def test_relevance_ranks_what_either_way_finds(client: Running, world: World) -> None:
    details = await raised(client, world.alder.tenant, summary="Nothing", details="A quokka")
    summary = await raised(client, world.alder.tenant, summary="The quokka")
    await raised(client, world.alder.tenant, summary="Wombat")
    for who in (ADMIN, LEAD):
        nodes = (await done(await client.as_(who), RANKED, search="quokka"))["nodes"]
        assert [node["id"] for node in nodes] == [summary, details]


async def test_the_index_follows_whoever_manages_the_customer(
    client: Running, world: World, database: Database
) -> None:
    """4.4: how long a search takes tells a partner nothing of customers who have taken their management over."""
    ticket = decode(await raised(client, world.alder.tenant, summary="Quokka"))[1]
    meridian = world.meridian.tenant
    assert await said(database, "tenant", meridian, "quokka") == [ticket]
    async with client.session() as session:
        await make.change(session, ManagementRelationship, world.alder.relationship, mode=ManagementMode.CUSTOMER)
    assert await said(database, "tenant", meridian, "quokka") == []
    assert await said(database, "platform", None, "quokka") == [ticket]


async def test_who_takes_a_customer_on_finds_what_it_asked_before(
    client: Running, world: World, database: Database
) -> None:
    tenant, meridian = world.lone_pine.tenant, world.meridian.tenant
    ticket = await raised(client, tenant, summary="Quokka")
    assert await said(database, "tenant", meridian, "quokka") == []
    async with client.session() as session:
        await make.relationship(session, meridian, tenant)
    assert await said(database, "tenant", meridian, "quokka") == [decode(ticket)[1]]
    assert await found(await client.as_(ADMIN), "quokka") == [ticket]


async def test_what_is_common_at_customers_that_are_not_managed_is_not_common(
    client: Running, world: World, database: Database
) -> None:
    ticket = decode(await raised(client, world.alder.tenant, summary="Quokka"))[1]
    await copies(client, ticket, 5, "Quokka")
    assert await said(database, "tenant", world.meridian.tenant, "quokka") is None
    async with client.session() as session:
        await make.change(session, ManagementRelationship, world.alder.relationship, mode=ManagementMode.CUSTOMER)
    assert await said(database, "tenant", world.meridian.tenant, "quokka") == []


async def test_the_index_has_private_requests_for_who_raised_them_alone(
    client: Running, world: World, database: Database
) -> None:
    """E20: nor does it tell colleagues."""
    ticket = decode(await raised(client, world.meridian.tenant, summary="Quokka"))[1]
    person = world.meridian.admin
    async with client.session() as session:
        private = {"visibility": TicketVisibility.REQUESTER_ONLY, "requester_user_id": person}
        await make.change(session, Ticket, ticket, **private)
    assert await said(database, "tenant", world.meridian.tenant, "quokka") == []
    assert await said(database, "tenant", world.meridian.tenant, "quokka", user=world.meridian.staff) == []
    assert await said(database, "tenant", world.meridian.tenant, "quokka", user=person) == [ticket]
    assert await found(await client.as_(ADMIN), "quokka") == [encode("ticket", ticket)]


@pytest.mark.parametrize(
    ("role", "grouped", "ways"),
    [
        (Role.PARTNER_USER, False, 2),
        (Role.PARTNER_USER, True, 0),
        (Role.TENANT_OWNER, False, 0),
        (Role.AGENT, False, 2),
    ],
)
def test_who_has_groups_of_customers_reads_the_list(role: Role, grouped: bool, ways: int) -> None:
    """The index knows the whole partner's tickets, and how long it takes would tell of those of other groups."""
    assert len(ways_to("quokka", powers(role, grouped=grouped))) == ways


@pytest.mark.parametrize(("scope", "ids"), [("tenant", []), ("sign_in", None), ("worker", None), ("", None)])
async def test_the_index_tells_nobody_of_other_desks(
    client: Running, world: World, database: Database, scope: str, ids: Any
) -> None:
    await raised(client, world.alder.tenant, summary="Quokka")
    assert await said(database, scope, world.lone_pine.tenant if scope == "tenant" else None, "quokka") == ids


@pytest.mark.parametrize("table", STAMPED)
@pytest.mark.parametrize("statement", ["SELECT FROM", "DELETE FROM"])
async def test_no_role_of_the_platform_reads_or_writes_it(database: Database, table: str, statement: str) -> None:
    for url in (database.application_url, database.worker_url):
        connection = await asyncpg.connect(url)
        try:
            await connection.execute("SELECT set_config('bailiwick.scope', 'worker', false)")
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(f"{statement} {table}")
        finally:
            await connection.close()


async def test_an_edited_ticket_has_its_new_words_alone(client: Running, world: World, database: Database) -> None:
    ticket = decode(await raised(client, world.alder.tenant, summary="Quokka"))[1]
    async with client.session() as session:
        await session.execute(text("UPDATE ticket SET summary = 'Wombat' WHERE id = :id"), {"id": ticket})
    told = [await said(database, "platform", None, word) for word in ("quokka", "wombat")]
    assert told == [[], [ticket]]


async def test_a_word_that_is_none_finds_nothing(client: Running, world: World) -> None:
    assert await found(await client.as_(LEAD), "!!!") == []
    assert encode("ticket", world.alder.ticket) in await found(await client.as_(LEAD), "backup")
