"""Tickets followed live: news reach whoever may read them, from any process, and nobody else (spec 3, 7)."""

from typing import Any

import pytest
from sqlalchemy import update

from domain.tenants.model import TenantSecuritySettings
from tests.app.live.conftest import Platform
from tests.app.live.talking import Talk, talking
from tests.support import factories as make
from tests.support.app import Client

pytestmark = pytest.mark.thorough

TICKET = "subscription($id: ID!) { ticketUpdated(ticketId: $id) { number status version updatedAt } }"
SAID = "subscription($id: ID!) { ticketConversationUpdated(ticketId: $id) { body visibility } }"
MINE = "subscription($scope: TicketScope! = ALL) { viewerTicketsUpdated(scope: $scope) { summary status } }"
REPLY = """mutation($id: ID!, $body: String!) { ticketReplyAdd(ticketId: $id, input: { body: $body }) {
    userErrors { code } } }"""
NOTE = """mutation($id: ID!, $body: String!) { ticketNoteAdd(ticketId: $id, input: { body: $body }) {
    userErrors { code } } }"""
RESOLVE = """mutation($id: ID!) { ticketResolve(ticketId: $id, input: {}) { userErrors { code } } }"""


@pytest.fixture(name="ticket")
def _ticket(platform: Platform) -> str:
    return f"ticket_{platform.world.alder.ticket.hex}"


async def done(who: Client, mutation: str, **variables: Any) -> None:
    """A mutation that does what it says."""
    answer = (await who.query(mutation, **variables)).data
    assert [payload["userErrors"] for payload in answer.values()] == [[]]


async def unheard(talk: Talk) -> bool:
    """Whether nothing was told but what is asked for now."""
    await talk.ask("mark", "{ __typename }")
    return [(await talk.heard())["id"] for _ in range(2)] == ["mark", "mark"]


async def test_a_ticket_is_told_as_it_is_after_each_change(platform: Platform, ticket: str) -> None:
    user = await platform.client.as_("user@alder.example")
    async with talking(platform.url) as talk:
        await talk.begin(user.token)
        await talk.follow("a", TICKET, id=ticket)
        await done(user, REPLY, id=ticket, body="Still broken.")
        told = (await talk.news("a"))["ticketUpdated"]
        await done(user, RESOLVE, id=ticket)
        resolved = (await talk.news("a"))["ticketUpdated"]
    assert (told["status"], resolved["status"]) == ("OPEN", "RESOLVED")
    assert resolved["version"] > told["version"]


async def test_each_message_is_told_once_to_everybody_in_every_process(platform: Platform, ticket: str) -> None:
    user, agent = await platform.client.as_("user@alder.example"), await platform.client.as_("agent@northstar.example")
    async with talking(platform.url) as here, talking(platform.other) as there:
        for talk, who in ((here, user), (there, agent)):
            await talk.begin(who.token)
            await talk.follow("a", SAID, id=ticket)
        await done(user, REPLY, id=ticket, body="First.")
        await done(agent, REPLY, id=ticket, body="Second.")
        for talk in (here, there):
            bodies = [(await talk.news("a"))["ticketConversationUpdated"]["body"] for _ in range(2)]
            assert bodies == ["First.", "Second."]
            assert await unheard(talk)


@pytest.mark.parametrize("document", [TICKET, SAID, MINE])
async def test_an_internal_note_is_no_event_for_the_organisation(
    platform: Platform, ticket: str, document: str
) -> None:
    agent = await platform.client.as_("agent@northstar.example")
    async with talking(platform.url) as theirs, talking(platform.url) as staff:
        await theirs.begin(await platform.token("owner@alder.example"))
        await staff.begin(agent.token)
        for talk in (theirs, staff):
            await talk.ask("a", document, **({} if document is MINE else {"id": ticket}))
            await talk.follow("b", MINE)
        await done(agent, NOTE, id=ticket, body="They never paid.")
        assert {(await staff.heard())["id"] for _ in range(2)} == {"a", "b"}
        await done(agent, REPLY, id=ticket, body="We are on it.")
        told = [await theirs.heard() for _ in range(2)]
        assert await unheard(theirs)
    assert "They never paid." not in str(told)


async def test_tickets_are_told_by_the_sections_of_my_tickets(platform: Platform) -> None:
    world = platform.world
    async with talking(platform.url) as talk:
        await talk.begin(await platform.token("colleague@alder.example"))
        await talk.ask("cc", MINE, scope="CC")
        await talk.follow("requested", MINE, scope="REQUESTED")
        async with platform.client.session() as session:
            await make.ticket(session, world.alder.tenant, world.alder.colleague, summary="Mine")
        async with platform.client.session() as session:
            copied = await make.ticket(session, world.alder.tenant, world.alder.user, summary="Copied")
            await make.participant(session, world.alder.tenant, copied, world.alder.colleague)
        async with platform.client.session() as session:
            await make.ticket(session, world.lone_pine.tenant, world.lone_pine.owner, summary="Elsewhere")
        assert (await talk.news("requested"))["viewerTicketsUpdated"]["summary"] == "Mine"
        assert (await talk.news("cc"))["viewerTicketsUpdated"]["summary"] == "Copied"
        assert await unheard(talk)


@pytest.mark.parametrize("who", ["owner@lonepine.example", "colleague@alder.example"])
async def test_what_cannot_be_read_cannot_be_followed(platform: Platform, ticket: str, who: str) -> None:
    async with platform.client.session() as session:
        settings = update(TenantSecuritySettings).values(organization_ticket_access="NONE")
        await session.execute(settings)
    async with talking(platform.url) as talk:
        await talk.begin(await platform.token(who))
        for document in (TICKET, SAID):
            await talk.ask("a", document, id=ticket)
            message = await talk.heard()
            assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", "NOT_FOUND")


async def test_partners_follow_the_tickets_of_their_customers(platform: Platform, ticket: str) -> None:
    user = await platform.client.as_("user@alder.example")
    async with talking(platform.url) as talk:
        await talk.begin(await platform.token("admin@meridian.example"))
        await talk.follow("a", MINE)
        await done(user, RESOLVE, id=ticket)
        assert (await talk.news("a"))["viewerTicketsUpdated"]["status"] == "RESOLVED"


async def test_an_event_that_concerns_several_operations_is_told_to_each(platform: Platform, ticket: str) -> None:
    user = await platform.client.as_("user@alder.example")
    async with talking(platform.url) as talk:
        await talk.begin(user.token)
        await talk.ask("a", TICKET, id=ticket)
        await talk.follow("b", MINE)
        await done(user, RESOLVE, id=ticket)
        assert {(await talk.heard())["id"] for _ in range(2)} == {"a", "b"}


async def test_what_is_complete_tells_no_more(platform: Platform, ticket: str) -> None:
    user = await platform.client.as_("user@alder.example")
    async with talking(platform.url) as talk:
        await talk.begin(user.token)
        await talk.follow("a", TICKET, id=ticket)
        await talk.send(id="a", type="complete")
        await talk.follow("b", MINE)
        await done(user, RESOLVE, id=ticket)
        assert (await talk.news("b"))["viewerTicketsUpdated"]["status"] == "RESOLVED"
        assert await unheard(talk)
