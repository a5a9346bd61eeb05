"""Warnings before a promise is missed: to whoever looks after the ticket, once, in working time (spec 7)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
from sqlalchemy import update

from app.mail.content import Templates
from app.worker.warnings import _running, warn
from domain.support.model import CalendarInterval
from execution.ids import encode
from tenancy.database import Database
from tests.schema.asking import AGENT, ASSIGN, CLOSE, LEAD, done, invited, made, mails, reply
from tests.support.app import Running
from tests.support.world import World

TEMPLATE = "ticket_at_risk"


async def raised(client: Running, world: World, severity: int = 5) -> dict[str, Any]:
    """A ticket of Alder's owner: 120 minutes for an answer, 1,200 for the solution, round the clock."""
    return made(await invited(await client.as_("owner@alder.example"), world, severity=severity))


async def look(client: Running) -> int:
    """What a worker does every five minutes, by its own role."""
    database = Database(client.addresses.worker_url, pool_size=1)
    try:
        return await warn(database, client.clock.now)
    finally:
        await database.close()


async def warned(client: Running) -> list[tuple[str, str, bool]]:
    letters = await mails(client, TEMPLATE)
    return sorted((letter["to"], letter["target"], letter["missed"]) for letter in letters)


async def test_SLA_nobody_is_warned_while_there_is_time(client: Running, world: World) -> None:
    await raised(client, world)
    client.clock.advance(minutes=89)
    assert await look(client) == 0


async def test_SLA_the_leads_are_warned_of_what_nobody_looks_after(client: Running, world: World) -> None:
    await raised(client, world)
    client.clock.advance(minutes=90)
    assert await look(client) == 1
    assert await warned(client) == [(LEAD, "response", False)]


async def test_SLA_the_agent_is_warned_who_looks_after_it(client: Running, world: World) -> None:
    ticket = await raised(client, world)
    agent = encode("user", world.platform.agent)
    made(await done(await client.as_(LEAD), ASSIGN, id=ticket["id"], agent=agent))
    client.clock.advance(minutes=90)
    await look(client)
    assert await warned(client) == [(AGENT, "response", False)]


async def test_SLA_a_warning_is_given_once(client: Running, world: World) -> None:
    await raised(client, world)
    client.clock.advance(minutes=90)
    first = await look(client)
    client.clock.advance(minutes=10)
    assert (first, await look(client)) == (1, 0)


async def test_SLA_each_target_warns_by_itself(client: Running, world: World) -> None:
    await raised(client, world)
    client.clock.advance(minutes=90)
    await look(client)
    client.clock.advance(minutes=810)
    await look(client)
    assert await warned(client) == [(LEAD, "resolution", False), (LEAD, "response", False)]


async def test_SLA_what_is_answered_waits_or_is_over_warns_of_nothing(client: Running, world: World) -> None:
    waiting, closed = [(await raised(client, world))["id"] for _ in range(2)]
    agent = await client.as_(AGENT)
    made(await reply(agent, waiting, needsAnswer=True))
    made(await done(agent, CLOSE, id=closed, code="DECREMENT"))
    client.clock.advance(minutes=1190)
    assert await look(client) == 0


async def test_SLA_a_warning_waits_for_the_working_time(client: Running, world: World) -> None:
    client.clock.now = datetime(2026, 11, 20, 2, tzinfo=UTC)
    await raised(client, world)
    async with client.session() as session:
        await session.execute(update(CalendarInterval).values(start_minute=480, end_minute=1020))
    client.clock.advance(minutes=100)
    assert await look(client) == 0
    client.clock.now = datetime(2026, 11, 20, 8, tzinfo=UTC)
    assert await look(client) == 1
    assert await warned(client) == [(LEAD, "response", True)]


async def test_SLA_what_was_missed_long_ago_warns_of_nothing(client: Running, world: World) -> None:
    await raised(client, world)
    client.clock.advance(days=5)
    assert await look(client) == 0


async def test_SLA_a_warning_says_what_is_due_when(client: Running, world: World) -> None:
    ticket = await raised(client, world)
    client.clock.advance(minutes=90)
    await look(client)
    (letter,) = await mails(client, TEMPLATE)
    more = {"full": True, "body": None, "link": None, "answerable": False}
    content = Templates().render(TEMPLATE, "en", letter | more)
    assert content.subject.startswith(f"[#{ticket['number']}] At risk: response due ")
    assert "The first answer to this support request is due by " in content.text
    assert f"Number:   {ticket['number']}" in content.text
    assert ticket["summary"] in content.html


TOLD = "{ viewer { notifications(first: 20) { nodes { kind ticket { number } } } } }"
SWITCH_OFF = """mutation($input: NotificationPreferencesUpdateInput!) {
  notificationPreferencesUpdate(input: $input) { userErrors { code } } }"""


async def told(client: Running, email: str) -> list[tuple[str, str]]:
    """What somebody was warned of in the app."""
    answer = await (await client.as_(email)).query(TOLD)
    nodes = answer.data["viewer"]["notifications"]["nodes"]
    return [(node["kind"], node["ticket"]["number"]) for node in nodes if node["kind"] == "SLA_WARNING"]


async def test_SLA_a_warning_is_told_in_the_app_once(client: Running, world: World) -> None:
    ticket = await raised(client, world)
    client.clock.advance(minutes=90)
    await look(client)
    client.clock.advance(minutes=10)
    await look(client)
    assert await told(client, LEAD) == [("SLA_WARNING", ticket["number"])]
    assert await told(client, AGENT) == []
    assert await told(client, "owner@alder.example") == []


async def test_SLA_the_agent_is_told_in_the_app_who_looks_after_it(client: Running, world: World) -> None:
    ticket = await raised(client, world)
    made(await done(await client.as_(LEAD), ASSIGN, id=ticket["id"], agent=encode("user", world.platform.agent)))
    client.clock.advance(minutes=90)
    await look(client)
    assert await told(client, AGENT) == [("SLA_WARNING", ticket["number"])]
    assert await told(client, LEAD) == []


async def test_SLA_who_switched_warnings_off_in_the_app_has_them_by_mail_alone(client: Running, world: World) -> None:
    await raised(client, world)
    settings = [{"kind": "SLA_WARNING", "inApp": False}]
    await done(await client.as_(LEAD), SWITCH_OFF, input={"settings": settings})
    client.clock.advance(minutes=90)
    await look(client)
    assert await told(client, LEAD) == []
    assert await warned(client) == [(LEAD, "response", False)]


async def test_SLA_what_is_at_risk_is_found_by_when_it_is_due(client: Running, world: World) -> None:
    await raised(client, world)
    now = client.clock.now
    literal = {"literal_binds": True}
    running = _running(now, now + timedelta(days=6)).compile(client.database.engine, compile_kwargs=literal)
    connection = await asyncpg.connect(client.addresses.worker_url)
    try:
        await connection.execute("SELECT set_config('bailiwick.scope', 'worker', false)")
        await connection.execute("SET enable_seqscan = off")
        plan = "\n".join(row[0] for row in await connection.fetch(f"EXPLAIN {running}"))
    finally:
        await connection.close()
    assert "Seq Scan on ticket" not in plan
    assert "Index Scan on ix_ticket_response_due_at" in plan
    assert "Index Scan on ix_ticket_resolution_due_at" in plan
