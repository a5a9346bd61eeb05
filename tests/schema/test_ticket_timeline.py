"""The timeline of a ticket: what happened in it, in its order, and nothing internal for those outside (spec 3, 25)."""

from typing import Any

import pytest
from sqlalchemy import func, select, update

from domain.tenants.model import CustomRole
from domain.tickets.events import TicketEvent
from execution.ids import encode
from tests.schema.asking import (
    AGENT,
    ASSIGN,
    CLOSE,
    ERRORS,
    LEAD,
    NOTE,
    RESOLVE,
    REVOKE,
    TICKET,
    done,
    invited,
    made,
    mails,
    of,
    problems,
    reply,
)
from tests.schema.test_ticket_closing import incident
from tests.schema.test_ticket_severity import SET
from tests.support.app import Client, Running
from tests.support.world import World

TIMELINE = """query($id: ID!) { ticket(id: $id) { timeline(first: 50) { totalCount
  edges { cursor }
  nodes { id kind before after actorName actorSide visibility message { body } relatedTicket { number } }
} } }"""
REOPEN = f"""mutation Reopen($id: ID!, $version: Int) {{
  ticketReopen(ticketId: $id, expectedVersion: $version, input: {{}}) {{ {TICKET} {ERRORS} }}
}}"""
OWNER, USER, ADMIN = "owner@alder.example", "user@alder.example", "admin@meridian.example"


async def page(who: Client, ticket_id: str) -> dict[str, Any]:
    return dict((await who.query(TIMELINE, id=ticket_id)).data["ticket"]["timeline"])


async def told(who: Client, ticket_id: str) -> list[tuple[str, str | None, str | None]]:
    """Kinds, with what was before and after."""
    return [(node["kind"], node["before"], node["after"]) for node in (await page(who, ticket_id))["nodes"]]


async def test_timeline_tells_the_life_of_a_ticket_in_its_order(client: Running, world: World) -> None:
    owner, agent, lead = await client.as_(OWNER), await client.as_(AGENT), await client.as_(LEAD)
    ticket = made(await invited(owner, world, severity=4))
    key = ticket["id"]
    made(await done(lead, ASSIGN, id=key, agent=encode("user", world.platform.agent)))
    made(await done(agent, SET, id=key, severity=5))
    made(await reply(agent, key, needsAnswer=True))
    made(await reply(owner, key))
    made(await done(agent, RESOLVE, id=key))
    made(await done(owner, REOPEN, id=key))
    made(await done(agent, CLOSE, id=key, code="DECREMENT"))
    ends = client.clock.now.replace(microsecond=0)
    found = await told(owner, key)
    assert found[1][0] == "TEMPORARY_ACCESS_GRANTED"
    assert str(found[1][2]) > ends.isoformat()
    del found[1]
    assert found == [
        ("CREATED", None, None),
        ("ASSIGNED", None, "Agent Northstar"),
        ("SEVERITY_CHANGED", "4", "5"),
        ("REPLIED", None, None),
        ("FIRST_RESPONDED", None, None),
        ("STATUS_CHANGED", "OPEN", "AWAITING_REPLY"),
        ("REPLIED", None, None),
        ("STATUS_CHANGED", "AWAITING_REPLY", "OPEN"),
        ("STATUS_CHANGED", "OPEN", "RESOLVED"),
        ("STATUS_CHANGED", "RESOLVED", "OPEN"),
        ("TEMPORARY_ACCESS_REVOKED", None, None),
        ("STATUS_CHANGED", "OPEN", "CLOSED"),
    ]


async def test_timeline_tells_who_did_it_and_for_whom_and_what_was_said(client: Running, world: World) -> None:
    made(await reply(await client.as_(ADMIN), of(world)))
    (said,) = (await page(await client.as_(USER), of(world)))["nodes"]
    assert (said["kind"], said["actorSide"], said["message"]) == ("REPLIED", "PARTNER", {"body": "Hello"})


async def test_timeline_tells_what_was_drawn_and_given_back(client: Running, world: World) -> None:
    key, _ = await incident(client, world)
    made(await done(await client.as_(LEAD), CLOSE, id=key, code="NON_DECREMENT"))
    assert await told(await client.as_(OWNER), key) == [
        ("CREATED", None, None),
        ("INCIDENT_DEBITED", None, "1"),
        ("INCIDENT_CREDITED", None, "1"),
        ("STATUS_CHANGED", "OPEN", "CLOSED"),
    ]


async def test_timeline_tells_that_access_was_revoked(client: Running, world: World) -> None:
    owner = await client.as_(OWNER)
    first, second = [made(await invited(owner, world)) for _ in range(2)]
    await done(owner, REVOKE, id=first["temporarySupportAccount"]["id"])
    off = """mutation { tenantSecuritySettingsUpdate(expectedVersion: 1,
      input: {temporarySupportAccountsAllowed: false, revokeExisting: true}) { userErrors { code } } }"""
    assert (await done(owner, off))["userErrors"] == []
    for ticket in (first, second):
        assert ("TEMPORARY_ACCESS_REVOKED", None, None) in await told(owner, ticket["id"])


async def test_timeline_tells_that_access_was_revoked_by_who_reads_no_tickets(client: Running, world: World) -> None:
    owner, off = (
        await client.as_(OWNER),
        """mutation { tenantSecuritySettingsUpdate(expectedVersion: 1,
      input: {temporarySupportAccountsAllowed: false, revokeExisting: true}) { userErrors { code } } }""",
    )
    ticket = made(await invited(owner, world))
    async with client.session() as session:
        await session.execute(update(CustomRole).values(denied_permissions=["ticket:read"]))
    assert (await done(await client.as_("custom@alder.example"), off))["userErrors"] == []
    assert ("TEMPORARY_ACCESS_REVOKED", None, None) in await told(owner, ticket["id"])


@pytest.mark.parametrize("who", [OWNER, USER, ADMIN])
async def test_4_3_12_a_note_is_in_nobodys_timeline_but_the_vendors(client: Running, world: World, who: str) -> None:
    """Neither in nodes nor in counts nor in cursors, and not by its id."""
    agent = await client.as_(AGENT)
    made(await reply(agent, of(world)))
    before = await page(await client.as_(who), of(world))
    made(await done(agent, NOTE, id=of(world), input={"body": "Between us"}))
    assert await page(await client.as_(who), of(world)) == before
    (noted,) = [node for node in (await page(agent, of(world)))["nodes"] if node["kind"] == "NOTED"]
    assert (noted["visibility"], noted["message"]) == ("INTERNAL", {"body": "Between us"})
    asked = await (await client.as_(who)).query("query($id: ID!) { node(id: $id) { id } }", id=noted["id"])
    assert asked.codes == ["NOT_FOUND"]


async def test_timeline_of_a_refused_change_has_nothing(client: Running, world: World) -> None:
    assert problems(await done(await client.as_(AGENT), SET, id=of(world), severity=6)) == [
        ("OUT_OF_RANGE", "severity")
    ]
    async with client.session() as session:
        assert (await session.execute(select(func.count()).select_from(TicketEvent))).scalar_one() == 0


async def test_timeline_is_of_those_who_see_the_ticket(client: Running, world: World) -> None:
    made(await reply(await client.as_(AGENT), of(world)))
    (event, _first) = (await page(await client.as_(USER), of(world)))["nodes"]
    stranger = await client.as_("owner@lonepine.example")
    assert (await stranger.query("query($id: ID!) { node(id: $id) { id } }", id=event["id"])).codes == ["NOT_FOUND"]


async def test_a_ticket_of_old_has_a_timeline_without_anything(client: Running, world: World) -> None:
    assert await told(await client.as_(USER), of(world)) == []


async def test_D24_a_change_of_the_severity_is_written_to_all_who_take_part(client: Running, world: World) -> None:
    owner = await client.as_(OWNER)
    ticket = made(await invited(owner, world, severity=4, additionalRecipients=["ann@x.example"]))
    made(await done(await client.as_(AGENT), SET, id=ticket["id"], severity=5))
    letters = await mails(client, "ticket_severity_set")
    assert [(letter["to"], letter["severity_label"]) for letter in letters] == [
        ("ada@alder.example", "Critical"),
        ("ann@x.example", "Critical"),
        (OWNER, "Critical"),
    ]


class TestReopen:
    """RESOLVED → OPEN without a word (spec 4.2, AMB-31)."""

    async def resolved(self, client: Running, world: World, days: int = 0) -> str:
        made(await done(await client.as_(AGENT), RESOLVE, id=of(world)))
        client.clock.advance(days=days)
        return of(world)

    async def test_4_2_the_requester_opens_it_again_within_the_window(self, client: Running, world: World) -> None:
        key = await self.resolved(client, world, days=13)
        assert made(await done(await client.as_(USER), REOPEN, id=key))["status"] == "OPEN"

    async def test_AMB31_afterwards_only_the_vendor_does(self, client: Running, world: World) -> None:
        key = await self.resolved(client, world, days=14)
        refused = await done(await client.as_(USER), REOPEN, id=key)
        assert [error["code"] for error in refused["userErrors"]] == ["TICKET_CLOSED"]
        assert made(await done(await client.as_(AGENT), REOPEN, id=key))["status"] == "OPEN"

    async def test_4_2_what_is_not_resolved_is_not_opened_again(self, client: Running, world: World) -> None:
        user, agent = await client.as_(USER), await client.as_(AGENT)
        assert problems(await done(user, REOPEN, id=of(world))) == [("INVALID_TRANSITION", "")]
        made(await reply(agent, of(world), needsAnswer=True))
        assert problems(await done(user, REOPEN, id=of(world))) == [("INVALID_TRANSITION", "")]
        made(await done(agent, CLOSE, id=of(world), code="DECREMENT"))
        assert problems(await done(agent, REOPEN, id=of(world))) == [("TICKET_CLOSED", "")]
