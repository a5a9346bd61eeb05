"""Making one ticket of two: who may, what becomes of both, and what nobody sees because of it (spec 3, 17; 6)."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select, update

from domain.records.model import AuditEvent
from domain.tenants.model import OrganizationTicketAccess, TenantSecuritySettings, User
from domain.tickets.model import TicketVisibility
from execution.ids import encode
from tests.schema.asking import AGENT, CLOSE, ERRORS, LEAD, REPLY, done, invited, made, mails, of, problems
from tests.schema.test_ticket_closing import available, credited, incident
from tests.schema.test_ticket_copies import ADD, copied
from tests.schema.test_ticket_timeline import told
from tests.support import factories as make
from tests.support.app import Client, Running
from tests.support.world import World

MERGE = f"""mutation Merge($id: ID!, $into: ID!, $ccs: [String!], $version: Int) {{
  ticketMerge(ticketId: $id, expectedVersion: $version, input: {{intoTicketId: $into, includeCcs: $ccs}}) {{
    ticket {{ id number status mergedTickets(first: 5) {{ totalCount nodes {{ number }} }}
             participants(first: 50) {{ nodes {{ kind email }} }} }}
    mergedTicket {{ number status closureCode mergedInto {{ id }} entitlementUse {{ credited }}
                   temporarySupportAccount {{ status }} }}
    {ERRORS}
  }}
}}"""
BY_NUMBER = "query($number: String!) { ticketByNumber(number: $number) { id number mergedInto { id } } }"
OWNER, USER, COLLEAGUE = "owner@alder.example", "user@alder.example", "colleague@alder.example"


async def another(client: Running, world: World, **values: Any) -> str:
    """A ticket of the colleague's."""
    async with client.session() as session:
        alder = world.alder
        return encode(
            "ticket", await make.ticket(session, alder.tenant, alder.colleague, world.catalogue.backup, **values)
        )


async def alone(client: Running, world: World) -> None:
    """Colleagues see nothing of each other's tickets; all have proved their addresses."""
    async with client.session() as session:
        await session.execute(update(User).values(email_verified_at=client.clock.now))
        none = update(TenantSecuritySettings).values(organization_ticket_access=OrganizationTicketAccess.NONE)
        await session.execute(none.where(TenantSecuritySettings.tenant_id == world.alder.tenant))


async def number_of(who: Client, ticket_id: str) -> str:
    return str(
        (await who.query("query($id: ID!) { ticket(id: $id) { number } }", id=ticket_id)).data["ticket"]["number"]
    )


async def test_merge_ends_one_ticket_and_the_other_goes_on(client: Running, world: World) -> None:
    owner, lead = await client.as_(OWNER), await client.as_(LEAD)
    ended = made(await invited(owner, world))
    payload = await done(lead, MERGE, id=ended["id"], into=of(world))
    assert payload["userErrors"] == []
    assert payload["ticket"]["status"] == "OPEN"
    assert payload["ticket"]["mergedTickets"] == {"totalCount": 1, "nodes": [{"number": ended["number"]}]}
    assert payload["mergedTicket"] == {
        "number": ended["number"],
        "status": "CLOSED",
        "closureCode": "MERGED",
        "mergedInto": {"id": of(world)},
        "entitlementUse": None,
        "temporarySupportAccount": {"status": "REVOKED"},
    }
    number = payload["ticket"]["number"]
    assert [kind for kind, *_ in await told(owner, ended["id"])][2:] == [
        "TEMPORARY_ACCESS_REVOKED",
        "MERGED_INTO",
        "STATUS_CHANGED",
    ]
    assert await told(owner, of(world)) == [("MERGED_FROM", None, None)]
    assert (await owner.query(BY_NUMBER, number=ended["number"])).data["ticketByNumber"]["number"] == number
    assert (await owner.query(BY_NUMBER, number=number)).data["ticketByNumber"]["number"] == number


async def test_merge_gives_back_what_the_ended_ticket_drew_once(client: Running, world: World) -> None:
    lead = await client.as_(LEAD)
    ended, balance = await incident(client, world)
    assert await available(client, balance) == 1
    payloads = await asyncio.gather(*(done(lead, MERGE, id=ended, into=of(world)) for _ in range(6)))
    codes = sorted(error["code"] for payload in payloads for error in payload["userErrors"])
    assert codes == ["INVALID_TRANSITION"] * 5
    assert (await available(client, balance), await credited(client)) == (2, 1)


async def test_merge_of_two_into_each_other_at_once_ends_one_of_them(client: Running, world: World) -> None:
    lead, other = await client.as_(LEAD), await another(client, world)
    payloads = await asyncio.gather(
        done(lead, MERGE, id=of(world), into=other), done(lead, MERGE, id=other, into=of(world))
    )
    codes = sorted(error["code"] for payload in payloads for error in payload["userErrors"])
    assert codes == ["TICKET_CLOSED"]


@pytest.mark.parametrize("who", [OWNER, USER, "admin@meridian.example", AGENT, "operator@northstar.example"])
async def test_merge_is_for_leads(client: Running, world: World, who: str) -> None:
    other = await another(client, world)
    refused = await done(await client.as_(who), MERGE, id=other, into=of(world))
    assert [error["code"] for error in refused["userErrors"]] == ["FORBIDDEN"]


async def test_merge_never_leads_across_organisations(client: Running, world: World) -> None:
    async with client.session() as session:
        there = await make.ticket(session, world.lone_pine.tenant, world.lone_pine.owner, world.catalogue.backup)
    refused = await done(await client.as_(LEAD), MERGE, id=of(world), into=encode("ticket", there))
    assert problems(refused) == [("TENANT_MISMATCH", "intoTicketId")]


async def test_merge_makes_no_chains_no_circles_and_nothing_of_what_is_closed(client: Running, world: World) -> None:
    lead, first, second = await client.as_(LEAD), await another(client, world), await another(client, world)
    assert problems(await done(lead, MERGE, id=first, into=first)) == [("OUT_OF_RANGE", "intoTicketId")]
    assert problems(await done(lead, MERGE, id=first, into="ticket_nothing")) == [("NOT_FOUND", "intoTicketId")]
    assert problems(await done(lead, MERGE, id="ticket_nothing", into=first)) == [("NOT_FOUND", "ticketId")]
    assert problems(await done(lead, MERGE, id=first, into=of(world))) == []
    assert problems(await done(lead, MERGE, id=first, into=second)) == [("INVALID_TRANSITION", "")]
    assert problems(await done(lead, MERGE, id=of(world), into=second)) == [("INVALID_TRANSITION", "ticketId")]
    assert problems(await done(lead, MERGE, id=of(world), into=first)) == [("TICKET_CLOSED", "intoTicketId")]
    made(await done(lead, CLOSE, id=second, code="DECREMENT"))
    third = await another(client, world)
    assert problems(await done(lead, MERGE, id=third, into=second)) == [("TICKET_CLOSED", "intoTicketId")]


async def test_merge_copies_nobody_in_but_who_is_named(client: Running, world: World) -> None:
    """Freescout's and Odoo's lesson: followers of one ticket are not those of the other."""
    await alone(client, world)
    lead, colleague, user = await client.as_(LEAD), await client.as_(COLLEAGUE), await client.as_(USER)
    ended = await another(client, world)
    number = await number_of(colleague, ended)
    async with client.session() as session:
        await make.participant(session, world.alder.tenant, world.alder.ticket, None, email="kept@x.example")
    payload = await done(lead, MERGE, id=ended, into=of(world))
    people = [(person["kind"], person["email"]) for person in payload["ticket"]["participants"]["nodes"]]
    assert ("CC", "kept@x.example") in people
    assert len(people) == 2
    seen = (await colleague.query(BY_NUMBER, number=number)).data["ticketByNumber"]
    assert seen == {"id": ended, "number": number, "mergedInto": None}
    event = """query($id: ID!) { ticket(id: $id) { timeline(first: 9) { nodes { kind relatedTicket { id } } } } }"""
    assert (await colleague.query(event, id=ended)).data["ticket"]["timeline"]["nodes"] == [
        {"kind": "MERGED_INTO", "relatedTicket": None},
        {"kind": "STATUS_CHANGED", "relatedTicket": None},
    ]
    into = "query($id: ID!) { ticket(id: $id) { mergedTickets(first: 5) { totalCount nodes { id } } } }"
    assert (await user.query(into, id=of(world))).data["ticket"]["mergedTickets"] == {"totalCount": 0, "nodes": []}


async def test_merge_copies_in_who_is_named_of_those_who_took_part(client: Running, world: World) -> None:
    await alone(client, world)
    owner, lead = await client.as_(OWNER), await client.as_(LEAD)
    ended = made(await invited(owner, world, additionalRecipients=[COLLEAGUE, "ann@x.example"]))
    given = ["nobody@x.example", f"Ann@x.example; {COLLEAGUE}"]
    refused = await done(lead, MERGE, id=ended["id"], into=of(world), ccs=given)
    assert problems(refused) == [("NOT_FOUND", "includeCcs.0")]
    payload = await done(lead, MERGE, id=ended["id"], into=of(world), ccs=given[1:])
    copied = [node["email"] for node in payload["ticket"]["participants"]["nodes"] if node["kind"] == "CC"]
    assert copied == ["ann@x.example", COLLEAGUE]
    seen = await (await client.as_(COLLEAGUE)).query(BY_NUMBER, number=ended["number"])
    assert seen.data["ticketByNumber"]["id"] == of(world)
    letters = {letter["to"]: letter["into"] for letter in await mails(client, "ticket_merged")}
    number = payload["ticket"]["number"]
    assert letters == {OWNER: None, "ada@alder.example": None, "ann@x.example": number, COLLEAGUE: number}


async def test_merge_copies_in_as_many_as_there_is_room_for_and_else_merges_nothing(
    client: Running, world: World
) -> None:
    """More than 50 are not looked at, and on the ticket that goes on there are never more (C8)."""
    user, lead = await client.as_(USER), await client.as_(LEAD)
    both = ["ann@x.example", "bo@x.example"]
    ended = made(await invited(await client.as_(OWNER), world, additionalRecipients=both))
    made(await done(user, ADD, id=of(world), to=[f"p{number}@x.example" for number in range(49)]))
    many = [", ".join(f"q{number}@x.example" for number in range(51))]
    for ccs, actual in ((many, 51), (both, 51)):
        (error,) = (await done(lead, MERGE, id=ended["id"], into=of(world), ccs=ccs))["userErrors"]
        told_of = (error["code"], error["field"], error["limit"], error["actual"])
        assert told_of == ("LIMIT_EXCEEDED", ["includeCcs"], 50, actual)
    assert len(await copied(lead, of(world))) == 49
    merged = await done(lead, MERGE, id=ended["id"], into=of(world), ccs=both[:1])
    assert merged["userErrors"] == []
    assert len(await copied(lead, of(world))) == 50


async def test_merge_gives_nobody_more_than_they_had_to_read_is_not_to_reply(client: Running, world: World) -> None:
    await alone(client, world)
    lead, colleague = await client.as_(LEAD), await client.as_(COLLEAGUE)
    ended = made(await invited(await client.as_(OWNER), world, additionalRecipients=["ann@x.example"]))
    made(await done(lead, ADD, id=ended["id"], to=[COLLEAGUE], canReply=False))
    made(await done(lead, MERGE, id=ended["id"], into=of(world), ccs=["ann@x.example", COLLEAGUE]))
    assert {email: node["canReply"] for email, node in (await copied(lead, of(world))).items()} == {
        "ann@x.example": True,
        COLLEAGUE: False,
    }
    refused = await done(colleague, REPLY, id=of(world), input={"body": "Me too"})
    assert [error["code"] for error in refused["userErrors"]] == ["FORBIDDEN"]


async def test_merge_of_a_private_ticket_shows_it_to_nobody_else(client: Running, world: World) -> None:
    """Not even by its number that there was one: whoever sees it, and the vendor's staff, find the other one by it."""
    lead = await client.as_(LEAD)
    ended = await another(client, world, visibility=TicketVisibility.REQUESTER_ONLY)
    number = await number_of(await client.as_(COLLEAGUE), ended)
    assert (await done(lead, MERGE, id=ended, into=of(world)))["userErrors"] == []
    asked = await (await client.as_(USER)).query("query($id: ID!) { ticket(id: $id) { id } }", id=ended)
    assert asked.codes == ["NOT_FOUND"]
    assert (await (await client.as_(USER)).query(BY_NUMBER, number=number)).codes == ["NOT_FOUND"]
    for who in (COLLEAGUE, AGENT, LEAD):
        found = (await (await client.as_(who)).query(BY_NUMBER, number=number)).data["ticketByNumber"]
        assert found["id"] == of(world)


async def test_merge_is_found_by_an_agent_who_did_not_look_after_the_ticket_that_ended(
    client: Running, world: World
) -> None:
    lead, agent = await client.as_(LEAD), await client.as_(AGENT)
    ended = await another(client, world, assignee_id=world.platform.lead)
    number = await number_of(lead, ended)
    assert (await agent.query(BY_NUMBER, number=number)).codes == ["NOT_FOUND"]
    made(await done(lead, MERGE, id=ended, into=of(world)))
    assert (await agent.query(BY_NUMBER, number=number)).data["ticketByNumber"]["id"] == of(world)


async def test_merge_is_in_both_logs(client: Running, world: World) -> None:
    other = await another(client, world)
    assert (await done(await client.as_(LEAD), MERGE, id=other, into=of(world)))["userErrors"] == []
    async with client.session() as session:
        merged = select(AuditEvent).where(AuditEvent.action == "ticket.merge")
        found = (await session.execute(merged)).scalars().all()
    assert {event.tenant_id for event in found} == {world.alder.tenant, world.platform.tenant}
    states = {encode("ticket", event.object_id): event.before for event in found if event.object_id}
    assert states == {other: {"status": "OPEN"}, of(world): None}


async def test_merge_of_a_ticket_that_somebody_changed_is_a_conflict(client: Running, world: World) -> None:
    stale = await done(await client.as_(LEAD), MERGE, id=of(world), into=await another(client, world), version=99)
    assert problems(stale) == [("CONFLICT", "expectedVersion")]
