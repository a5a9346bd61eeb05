"""Tickets by words, newest first: what is found, by whom, and what is never found (spec 3, 20; 4.3, 12; 4.4)."""

from typing import Any
from uuid import UUID

import pytest

from domain.customers.model import ManagementMode, ManagementRelationship
from domain.tickets.model import MessageVisibility, Side, Ticket, TicketStatus, TicketVisibility
from execution.ids import decode, encode
from tests.schema.asking import done
from tests.support import factories as make
from tests.support.app import Client, Running
from tests.support.world import Twin, World

FIND = """query ($search: String, $scope: TicketScope, $filter: TicketFilter, $first: Int = 100, $after: String) {
  tickets(search: $search, scope: $scope, filter: $filter, first: $first, after: $after) {
    totalCount pageInfo { endCursor hasNextPage } nodes { id number } } }"""
OF_CUSTOMERS = """query ($search: String) { customers(first: 10) { nodes {
  organizationName tickets(first: 10, search: $search) { totalCount nodes { summary } } } } }"""
OWNER, ADMIN = "owner@alder.example", "admin@meridian.example"


async def found(who: Client, search: str | None, **more: Any) -> list[str]:
    """The ids that a search finds, whose count must be their number."""
    page = await done(who, FIND, search=search, **more)
    assert page["totalCount"] == len(page["nodes"])
    return [node["id"] for node in page["nodes"]]


async def raised(client: Running, tenant: UUID, requester: UUID | None = None, **values: Any) -> str:
    """One more ticket about a tenant."""
    async with client.session() as session:
        return encode("ticket", await make.ticket(session, tenant, requester, **values))


ALL_WORDS_OF_IT = (
    "quokka", "QUOKKA", "Quòkka", "quokka creme", "crème  \t brulee", "STRASSE", "zoe", "zoe@elan.example", "elan",
    "JOB-0042", "job-0042", "0042", "zielinski quokka 0042", " quokka ", "«quokka»", "brûlée!", "cre\u0300me",
)  # fmt: skip


@pytest.mark.parametrize("search", ALL_WORDS_OF_IT)
async def test_all_words_must_be_there_without_regard_to_case_and_accents(
    client: Running, world: World, search: str
) -> None:
    ticket = await raised(
        client,
        world.alder.tenant,
        summary="A QUOKKA in the Straße",
        details="Crème,\nBrûlée.",
        contact_name="Zoë Zieliński",
        contact_email="zoe@elan.example",
        job_ids=["JOB-0041", "JOB-0042"],
    )
    assert await found(await client.as_(OWNER), search) == [ticket]


NO_WORDS_OF_IT = (
    "quok", "uokka", "quokka nothing", "%", "_", "q_okka", "quokk_", "q*", "*", "quokk.", ".*", "\\", "'", "|",
    "quokka | nothing", "!nothing & !quokka", "<->", "-", "( )", "%' OR '1'='1", "😀",
)  # fmt: skip


@pytest.mark.parametrize("search", NO_WORDS_OF_IT)
async def test_no_character_is_a_wildcard_or_an_operator(client: Running, world: World, search: str) -> None:
    await raised(client, world.alder.tenant, summary="A quokka")
    assert await found(await client.as_(OWNER), search) == []


@pytest.mark.parametrize("search", ["quokka%", "quokka*", "quokka:*", "+quokka", '"quokka"', "quokka?"])
async def test_what_is_no_part_of_a_word_does_not_matter(client: Running, world: World, search: str) -> None:
    ticket = await raised(client, world.alder.tenant, summary="A quokka")
    await raised(client, world.alder.tenant, summary="Two quokkas")
    assert await found(await client.as_(OWNER), search) == [ticket]


async def test_words_between_which_something_stands_are_found_side_by_side(client: Running, world: World) -> None:
    apart = await raised(client, world.alder.tenant, summary="One line on, another off")
    beside = await raised(client, world.alder.tenant, summary="The on-line shop")
    owner = await client.as_(OWNER)
    assert await found(owner, "on-line") == [beside]
    assert await found(owner, "line on") == [beside, apart]


async def test_A9_job_ids_are_found(client: Running, world: World) -> None:
    ticket = await raised(client, world.alder.tenant, job_ids=["JOB-0042", "Nachtlauf/7"])
    await raised(client, world.alder.tenant, job_ids=["JOB-00421"])
    owner = await client.as_(OWNER)
    assert (await found(owner, "job-0042"), await found(owner, "nachtlauf/7")) == ([ticket], [ticket])


async def test_the_number_is_found(client: Running, world: World) -> None:
    owner = await client.as_(OWNER)
    (node,) = (await done(owner, FIND))["nodes"]
    assert await found(owner, node["number"]) == [node["id"]]


@pytest.mark.parametrize("search", [None, "", "   "])
async def test_a_search_for_nothing_is_no_condition(client: Running, world: World, search: str | None) -> None:
    assert await found(await client.as_(OWNER), search) == [encode("ticket", world.alder.ticket)]


@pytest.mark.parametrize("search", ["x" * 201, " ".join("abcdefghijk")])
@pytest.mark.parametrize("document", [FIND, OF_CUSTOMERS])
async def test_a_search_is_bounded(client: Running, world: World, document: str, search: str) -> None:
    answer = await (await client.as_(ADMIN)).query(document, search=search)
    assert {(error["extensions"]["code"], error["extensions"]["argument"]) for error in answer.body["errors"]} == {
        ("TOO_LONG", "search")
    }


@pytest.mark.parametrize("search", ["x" * 200, " ".join("abcdefghij")])
async def test_the_longest_search_is_answered(client: Running, world: World, search: str) -> None:
    assert await found(await client.as_(ADMIN), search) == []


async def test_what_is_found_comes_newest_first_in_pages(client: Running, world: World) -> None:
    tickets = [await raised(client, world.alder.tenant, summary=f"Quokka {number}") for number in range(5)]
    admin, seen, after = await client.as_(ADMIN), [], None
    while True:
        page = await done(admin, FIND, search="quokka", first=2, after=after)
        seen += [node["id"] for node in page["nodes"]]
        assert page["totalCount"] == 5
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert seen == tickets[::-1]


async def test_a_search_goes_with_all_other_filters(client: Running, world: World) -> None:
    alder = world.alder
    grave = await raised(client, alder.tenant, alder.owner, summary="Quokka", severity=5)
    await raised(client, alder.tenant, summary="Quokka", severity=1)
    await raised(client, alder.tenant, summary="Wombat", severity=5)
    closed = {"status": TicketStatus.CLOSED, "closure_code": "DECREMENT"}
    await raised(client, alder.tenant, alder.owner, summary="Quokka", severity=5, **closed)
    owner = await client.as_(OWNER)
    only = {"severities": [5], "openOnly": True}
    assert await found(owner, "quokka", scope="REQUESTED", filter=only) == [grave]


async def test_an_edited_ticket_is_found_by_its_new_words_alone(client: Running, world: World) -> None:
    async with client.session() as session:
        await make.change(session, Ticket, world.alder.ticket, summary="Wombats")
    owner = await client.as_(OWNER)
    assert await found(owner, "wombats") == [encode("ticket", world.alder.ticket)]
    assert await found(owner, "backup") == []


async def test_a_customers_tickets_are_searched_too(client: Running, world: World) -> None:
    await raised(client, world.alder.tenant, summary="Quokka")
    answer = await (await client.as_(ADMIN)).query(OF_CUSTOMERS, search="quokka")
    assert [(node["organizationName"], node["tickets"]) for node in answer.data["customers"]["nodes"]] == [
        ("Alder & Finch", {"totalCount": 1, "nodes": [{"summary": "Quokka"}]}),
        ("Solstice Foods", None),
    ]


@pytest.mark.parametrize("visibility", list(MessageVisibility))
@pytest.mark.parametrize("who", [OWNER, ADMIN, "lead@northstar.example"])
async def test_4_3_what_was_said_is_not_found_internal_notes_least_of_all(
    client: Running, world: World, who: str, visibility: MessageVisibility
) -> None:
    async with client.session() as session:
        note = {"body": "Quokka", "visibility": visibility, "author_side": Side.VENDOR}
        await make.message(session, world.alder.tenant, world.alder.ticket, **note)
    assert await found(await client.as_(who), "quokka") == []


async def test_twins_do_not_find_each_others_tickets(client: Running, world: World, twins: tuple[Twin, Twin]) -> None:
    for twin in twins:
        for each in twin.customers:
            await raised(client, each.customer.tenant, summary="Quokka")
        await raised(client, twin.partner.tenant, summary="Quokka")
    everyone = {"admin@left.example": 3, "staff@right.example": 3, "owner@leftone.example": 1, OWNER: 0, ADMIN: 0}
    counts = {who: len(await found(await client.as_(who), "quokka")) for who in everyone}
    assert counts == everyone


FINDERS = {
    **dict.fromkeys(("owner", "service", "apps", "custom", "user", "colleague"), "alder.example"),
    **dict.fromkeys(("admin", "staff"), "meridian.example"),
    **dict.fromkeys(("agent", "lead", "operator"), "northstar.example"),
}


@pytest.mark.parametrize("who", [f"{name}@{domain}" for name, domain in FINDERS.items()])
async def test_who_sees_a_ticket_finds_it(client: Running, world: World, who: str) -> None:
    assert await found(await client.as_(who), "backup") == [encode("ticket", world.alder.ticket)]


async def test_who_does_not_see_it_does_not_find_it(client: Running, world: World) -> None:
    assert await found(await client.as_("owner@lonepine.example"), "backup") == []


async def test_a_private_ticket_is_found_by_its_requester_and_who_is_copied_in(client: Running, world: World) -> None:
    alder = world.alder
    private: dict[str, Any] = {"summary": "Quokka", "visibility": TicketVisibility.REQUESTER_ONLY}
    async with client.session() as session:
        ticket = await make.ticket(session, alder.tenant, alder.user, **private)
        await make.participant(session, alder.tenant, ticket, alder.colleague)
    finders = []
    for who in ("user@alder.example", "colleague@alder.example", OWNER, ADMIN):
        finders += [who] if await found(await client.as_(who), "quokka") else []
    assert finders == ["user@alder.example", "colleague@alder.example"]


async def test_4_4_after_the_flip_a_partner_finds_what_it_is_copied_into_alone(client: Running, world: World) -> None:
    solstice = world.solstice.tenant
    copied = await raised(client, solstice, summary="Quokka")
    await raised(client, solstice, summary="Quokka")
    async with client.session() as session:
        await make.participant(session, solstice, decode(copied)[1], world.meridian.admin)
    assert await found(await client.as_(ADMIN), "quokka") == [copied]
    assert await found(await client.as_("staff@meridian.example"), "quokka") == []


async def test_B17_with_the_relationship_a_partner_loses_what_it_found(client: Running, world: World) -> None:
    admin = await client.as_(ADMIN)
    assert await found(admin, "backup") == [encode("ticket", world.alder.ticket)]
    async with client.session() as session:
        edge = world.alder.relationship
        await make.change(session, ManagementRelationship, edge, mode=ManagementMode.CUSTOMER)
    assert await found(admin, "backup") == []


async def test_A18_a_temporary_account_finds_its_own_ticket_alone(client: Running, world: World) -> None:
    alder = world.alder
    await raised(client, alder.tenant, summary="The backup again", service_id=world.catalogue.backup)
    async with client.session() as session:
        account = await make.temporary_account(session, alder.tenant, alder.ticket, world.catalogue.backup)
    support = await client.as_temporary(account, world.platform.agent)
    assert await found(support, "backup") == [encode("ticket", alder.ticket)]


async def test_an_agent_finds_its_own_tickets_and_the_queues(client: Running, world: World) -> None:
    await raised(client, world.alder.tenant, summary="Quokka", assignee_id=world.platform.lead)
    mine = await raised(client, world.alder.tenant, summary="Quokka", assignee_id=world.platform.agent)
    queued = await raised(client, world.lone_pine.tenant, summary="Quokka")
    assert await found(await client.as_("agent@northstar.example"), "quokka") == [queued, mine]
