"""Meetings with the advocate of a ticket: when, who, once, and what ends them (E15, E17, E20, spec 4.2, 7)."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from domain.records.model import AuditEvent
from domain.tickets.appointments import TicketAppointment
from domain.tickets.model import TicketParticipant
from execution.ids import encode
from tests.schema.asking import AGENT, ASSIGN, CLOSE, ERRORS, LEAD, done, made, mails, problems
from tests.schema.test_ticket_merging import MERGE
from tests.support import factories as make
from tests.support.app import Client, Running
from tests.support.world import World

MEETING = "appointment { id advocateName startsAt endsAt status version }"
SLOTS = """query($id: ID!, $from: DateTime!, $to: DateTime!) {
  ticketAppointmentSlots(ticketId: $id, from: $from, to: $to) { startsAt endsAt }
}"""
BOOK = f"""mutation($id: ID!, $at: DateTime!, $version: Int, $key: String) {{
  ticketAppointmentBook(ticketId: $id, expectedVersion: $version, input: {{startsAt: $at, idempotencyKey: $key}}) {{
    ticket {{ id }} {MEETING} {ERRORS}
  }}
}}"""
MOVE = f"""mutation($id: ID!, $at: DateTime!, $version: Int) {{
  ticketAppointmentReschedule(appointmentId: $id, expectedVersion: $version, input: {{startsAt: $at}}) {{
    {MEETING} {ERRORS}
  }}
}}"""
CANCEL = f"mutation($id: ID!) {{ ticketAppointmentCancel(appointmentId: $id, input: {{}}) {{ {MEETING} {ERRORS} }} }}"
MISS = f"""mutation($id: ID!, $version: Int) {{
  ticketAppointmentMarkNoShow(appointmentId: $id, expectedVersion: $version, input: {{}}) {{ {MEETING} {ERRORS} }}
}}"""
SEEN = """query($id: ID!) { ticket(id: $id) {
  appointments(first: 5) { totalCount nodes { id status startsAt } } viewerCan { bookAppointment }
} }"""
OWNER, USER, COLLEAGUE = "owner@alder.example", "user@alder.example", "colleague@alder.example"


async def looked_after(client: Running, world: World, **values: Any) -> str:
    """A ticket that `user@alder.example` has raised, and the agent looks after."""
    agent = {"assignee_id": world.platform.agent, "assignee_name": "Agent Northstar"}
    given = {**agent, "region_id": world.catalogue.region, **values}
    async with client.session() as session:
        key = await make.ticket(session, world.alder.tenant, world.alder.user, world.catalogue.backup, **given)
        await session.execute(update(TicketParticipant).where(TicketParticipant.ticket_id == key).values(email=USER))
    return encode("ticket", key)


def hour(client: Running, hours: int) -> datetime:
    """A full hour, so many after the next."""
    return client.clock.now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=hours + 1)


async def booked(client: Running, ticket: str, at: datetime, who: str = USER) -> dict[str, Any]:
    return await done(await client.as_(who), BOOK, id=ticket, at=at.isoformat())


async def meeting(client: Running, ticket: str, at: datetime) -> dict[str, Any]:
    payload = await booked(client, ticket, at)
    assert payload["userErrors"] == []
    return dict(payload["appointment"])


async def shown(who: Client, ticket: str) -> list[tuple[str, str]]:
    found = (await who.query(SEEN, id=ticket)).data["ticket"]["appointments"]
    assert found["totalCount"] == len(found["nodes"])
    return [(node["status"], node["startsAt"]) for node in found["nodes"]]


async def test_E15_the_requester_meets_the_advocate_at_one_of_the_times_that_are_offered(
    client: Running, world: World
) -> None:
    ticket, user = await looked_after(client, world), await client.as_(USER)
    since, until = hour(client, 24), hour(client, 27)
    offered = await user.query(SLOTS, id=ticket, **{"from": since.isoformat(), "to": until.isoformat()})
    times = [datetime.fromisoformat(slot["startsAt"]) for slot in offered.data["ticketAppointmentSlots"]]
    assert times == [since, since + timedelta(hours=1), since + timedelta(hours=2)]
    found = await meeting(client, ticket, times[1])
    assert (found["advocateName"], found["status"], found["version"]) == ("Agent Northstar", "BOOKED", 1)
    assert datetime.fromisoformat(found["endsAt"]) == times[2]
    again = await user.query(SLOTS, id=ticket, **{"from": since.isoformat(), "to": until.isoformat()})
    left = [datetime.fromisoformat(slot["startsAt"]) for slot in again.data["ticketAppointmentSlots"]]
    assert left == [times[0], times[2]]


async def test_E15_both_get_mail_and_the_log_has_it(client: Running, world: World) -> None:
    ticket = await looked_after(client, world)
    found = await meeting(client, ticket, hour(client, 24))
    letters = await mails(client, "ticket_appointment")
    assert [(letter["to"], letter["change"]) for letter in letters] == [(AGENT, "BOOKED"), (USER, "BOOKED")]
    assert {letter["starts_at"] for letter in letters} == {datetime.fromisoformat(found["startsAt"]).isoformat()}
    async with client.session() as session:
        logged = select(AuditEvent.tenant_id).where(AuditEvent.action == "appointment.booked")
        assert (await session.execute(logged)).scalars().all() == [world.alder.tenant]


async def test_E15_without_an_advocate_there_is_nobody_to_meet(client: Running, world: World) -> None:
    ticket, user = await looked_after(client, world, assignee_id=None, assignee_name=None), await client.as_(USER)
    at = hour(client, 24)
    assert problems(await booked(client, ticket, at)) == [("NO_ADVOCATE_ASSIGNED", "")]
    asked = await user.query(SLOTS, id=ticket, **{"from": at.isoformat(), "to": at.isoformat()})
    assert asked.codes == ["NO_ADVOCATE_ASSIGNED"]
    assert (await user.query(SEEN, id=ticket)).data["ticket"]["viewerCan"] == {"bookAppointment": False}


@pytest.mark.parametrize(
    ("who", "codes"), [(OWNER, ["FORBIDDEN"]), (COLLEAGUE, ["FORBIDDEN"]), (AGENT, []), (LEAD, [])]
)
async def test_E20_only_the_requester_arranges_and_sees_it_besides_the_vendor(
    client: Running, world: World, who: str, codes: list[str]
) -> None:
    ticket, asker = await looked_after(client, world), await client.as_(who)
    payload = await booked(client, ticket, hour(client, 24), who)
    assert [error["code"] for error in payload["userErrors"]] == codes
    if codes:
        found = await meeting(client, ticket, hour(client, 24))
        assert await shown(asker, ticket) == []
        hidden = await asker.query("query($id: ID!) { node(id: $id) { id } }", id=found["id"])
        assert hidden.codes == ["NOT_FOUND"]
        for document, more in ((CANCEL, {}), (MOVE, {"at": hour(client, 26).isoformat()})):
            refused = await done(asker, document, id=found["id"], **more)
            assert problems(refused) == [("NOT_FOUND", "appointmentId")]
    assert len(await shown(await client.as_(USER), ticket)) == 1


async def test_E20_a_partner_meets_about_what_it_raised_on_behalf_until_it_loses_its_access(
    client: Running, world: World
) -> None:
    staff = world.meridian.staff
    ticket = await looked_after(client, world, requester_user_id=staff, requester_tenant_id=world.meridian.tenant)
    payload = await booked(client, ticket, hour(client, 24), "staff@meridian.example")
    assert payload["userErrors"] == []
    async with client.session() as session:
        row = (await session.execute(select(TicketAppointment))).scalar_one()
        assert (row.tenant_id, row.managing_partner_id) == (world.alder.tenant, world.meridian.tenant)


@pytest.mark.parametrize("hours", [-1, 0, 61 * 24])
async def test_7_meetings_are_arranged_in_time_and_not_too_far_ahead(client: Running, world: World, hours: int) -> None:
    ticket = await looked_after(client, world)
    assert problems(await booked(client, ticket, hour(client, hours))) == [("SLOT_TAKEN", "startsAt")]


@pytest.mark.parametrize("minutes", [1, 30])
async def test_7_meetings_begin_where_slots_begin(client: Running, world: World, minutes: int) -> None:
    ticket = await looked_after(client, world)
    at = hour(client, 24) + timedelta(minutes=minutes)
    assert problems(await booked(client, ticket, at)) == [("SLOT_TAKEN", "startsAt")]


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9999-12-31T23:59:59Z"])
async def test_times_that_cannot_be_are_refused_at_their_field(client: Running, world: World, text: str) -> None:
    ticket, user = await looked_after(client, world), await client.as_(USER)
    refused = await done(user, BOOK, id=ticket, at=text)
    assert [error["field"] for error in refused["userErrors"]] == [["startsAt"]]


async def test_7_slots_are_asked_for_two_weeks_at_most(client: Running, world: World) -> None:
    ticket, user, now = await looked_after(client, world), await client.as_(USER), client.clock.now
    for until in (now + timedelta(days=15), now - timedelta(seconds=1)):
        asked = await user.query(SLOTS, id=ticket, **{"from": now.isoformat(), "to": until.isoformat()})
        assert asked.codes == ["OUT_OF_RANGE"]


async def test_7_an_advocate_meets_one_at_a_time_of_whichever_organisation(client: Running, world: World) -> None:
    async with client.session() as session:
        pine, agent = world.lone_pine, world.platform.agent
        other = await make.ticket(session, pine.tenant, pine.owner, world.catalogue.backup, assignee_id=agent)
        taken = hour(client, 24) + timedelta(minutes=30)
        await make.appointment(session, pine.tenant, other, agent, starts_at=taken)
    ticket = await looked_after(client, world)
    assert problems(await booked(client, ticket, hour(client, 24))) == [("SLOT_TAKEN", "startsAt")]
    assert await shown(await client.as_(USER), ticket) == []
    await meeting(client, ticket, hour(client, 25))


async def test_7_of_five_at_once_for_the_same_time_one_meets(client: Running, world: World) -> None:
    at = hour(client, 24)
    tickets = [await looked_after(client, world) for _ in range(5)]
    found = await asyncio.gather(*(booked(client, ticket, at) for ticket in tickets))
    codes = sorted(error["code"] for payload in found for error in payload["userErrors"])
    assert codes == ["SLOT_TAKEN"] * 4


async def test_E15_one_meeting_can_be_ahead_and_a_retry_books_no_second(client: Running, world: World) -> None:
    ticket, user, at = await looked_after(client, world), await client.as_(USER), hour(client, 24).isoformat()
    first, again = [await done(user, BOOK, id=ticket, at=at, key="once") for _ in range(2)]
    assert first["appointment"]["id"] == again["appointment"]["id"]
    assert problems(await booked(client, ticket, hour(client, 26))) == [("LIMIT_EXCEEDED", "")]


async def test_4_2_a_meeting_is_moved_and_the_old_time_is_free_again(client: Running, world: World) -> None:
    ticket, user = await looked_after(client, world), await client.as_(USER)
    found = await meeting(client, ticket, hour(client, 24))
    moved = await done(user, MOVE, id=found["id"], at=hour(client, 30).isoformat(), version=1)
    assert (moved["userErrors"], moved["appointment"]["status"], moved["appointment"]["version"]) == ([], "BOOKED", 2)
    stale = await done(user, MOVE, id=found["id"], at=hour(client, 31).isoformat(), version=1)
    assert problems(stale) == [("CONFLICT", "expectedVersion")]
    await meeting(client, await looked_after(client, world), hour(client, 24))
    changes = [letter["change"] for letter in await mails(client, "ticket_appointment") if letter["to"] == USER]
    assert sorted(changes) == ["BOOKED", "BOOKED", "RESCHEDULED"]


@pytest.mark.parametrize("who", [USER, AGENT])
async def test_4_2_a_meeting_is_cancelled_once_by_either(client: Running, world: World, who: str) -> None:
    ticket, asker = await looked_after(client, world), await client.as_(who)
    found = await meeting(client, ticket, hour(client, 24))
    assert (await done(asker, CANCEL, id=found["id"]))["appointment"]["status"] == "CANCELLED"
    assert problems(await done(asker, CANCEL, id=found["id"])) == [("INVALID_TRANSITION", "")]
    await meeting(client, ticket, hour(client, 24))


async def test_4_2_what_is_over_is_completed_by_its_time_alone_and_stays(client: Running, world: World) -> None:
    ticket = await looked_after(client, world)
    found = await meeting(client, ticket, hour(client, 3))
    client.clock.advance(hours=5)
    user = await client.as_(USER)
    assert await shown(user, ticket) == [("COMPLETED", found["startsAt"])]
    assert problems(await done(user, CANCEL, id=found["id"])) == [("INVALID_TRANSITION", "")]
    await meeting(client, ticket, hour(client, 24))


@pytest.mark.parametrize("minutes", [0, 5 * 60], ids=["as it begins", "when it is over"])
async def test_4_2_the_vendor_says_that_nobody_came_and_they_may_meet_again(
    client: Running, world: World, minutes: int
) -> None:
    ticket = await looked_after(client, world)
    found = await meeting(client, ticket, hour(client, 3))
    client.clock.now = hour(client, 3) + timedelta(minutes=minutes)
    agent = await client.as_(AGENT)
    missed = await done(agent, MISS, id=found["id"], version=1)
    assert (missed["userErrors"], missed["appointment"]["status"], missed["appointment"]["version"]) == (
        [],
        "NO_SHOW",
        2,
    )
    told = [letter["to"] for letter in await mails(client, "ticket_appointment") if letter["change"] == "NO_SHOW"]
    assert told == [AGENT, USER]
    async with client.session() as session:
        logged = select(AuditEvent.tenant_id).where(AuditEvent.action == "appointment.no_show")
        found_in = set((await session.execute(logged)).scalars())
    assert found_in == {world.alder.tenant, world.platform.tenant}
    for document in (MISS, CANCEL):
        assert problems(await done(agent, document, id=found["id"])) == [("INVALID_TRANSITION", "")]
    await meeting(client, ticket, hour(client, 24))


async def test_4_2_nobody_is_missed_before_the_meeting_begins_nor_where_it_is_off(
    client: Running, world: World
) -> None:
    ticket, begins = await looked_after(client, world), hour(client, 3)
    found = await meeting(client, ticket, begins)
    client.clock.now = begins - timedelta(microseconds=1)
    agent = await client.as_(AGENT)
    assert problems(await done(agent, MISS, id=found["id"])) == [("INVALID_TRANSITION", "")]
    assert (await done(agent, CANCEL, id=found["id"]))["userErrors"] == []
    client.clock.now = begins
    assert problems(await done(agent, MISS, id=found["id"])) == [("INVALID_TRANSITION", "")]
    assert await shown(await client.as_(USER), ticket) == [("CANCELLED", found["startsAt"])]


@pytest.mark.parametrize("end", ["closed", "merged", "another", "queue"])
async def test_4_2_a_meeting_is_off_when_its_ticket_is_over_or_its_advocate_another(
    client: Running, world: World, end: str
) -> None:
    ticket, lead = await looked_after(client, world), await client.as_(LEAD)
    found = await meeting(client, ticket, hour(client, 24))
    if end == "closed":
        made(await done(lead, CLOSE, id=ticket, code="DECREMENT"))
    elif end == "merged":
        into = encode("ticket", world.alder.ticket)
        assert (await done(lead, MERGE, id=ticket, into=into))["userErrors"] == []
    else:
        agent = encode("user", world.platform.lead) if end == "another" else None
        made(await done(lead, ASSIGN, id=ticket, agent=agent))
    assert await shown(await client.as_(USER), ticket) == [("CANCELLED", found["startsAt"])]
    told = [letter["to"] for letter in await mails(client, "ticket_appointment") if letter["change"] == "CANCELLED"]
    assert told == [AGENT, USER]


async def test_4_2_to_assign_the_same_agent_again_leaves_the_meeting(client: Running, world: World) -> None:
    ticket, lead = await looked_after(client, world), await client.as_(LEAD)
    found = await meeting(client, ticket, hour(client, 24))
    made(await done(lead, ASSIGN, id=ticket, agent=encode("user", world.platform.agent)))
    assert await shown(await client.as_(USER), ticket) == [("BOOKED", found["startsAt"])]


async def test_4_2_nobody_meets_about_what_is_closed(client: Running, world: World) -> None:
    ticket = await looked_after(client, world, status="CLOSED", closure_code="DECREMENT")
    assert problems(await booked(client, ticket, hour(client, 24))) == [("TICKET_CLOSED", "")]
