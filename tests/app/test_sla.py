"""`bailiwick sla recompute`: what is open gets what policies and calendars say now (spec 7)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.errors import SetupError
from app.sla import recompute
from domain.records.model import AuditEvent
from domain.support.clock import SlaClock
from domain.support.model import CalendarInterval, SlaTarget, SupportRegion
from domain.tickets.model import Ticket
from tests.schema.asking import AGENT, CLOSE, done, invited, made, reply, row
from tests.support.app import Running
from tests.support.world import World


async def raised(client: Running, world: World, severity: int = 3) -> str:
    """A ticket of Alder's owner: 480 minutes for an answer, 4,800 for the solution, on a calendar that never closes."""
    return str(made(await invited(await client.as_("owner@alder.example"), world, severity=severity))["id"])


async def change(client: Running, statement: Any) -> None:
    async with client.session() as session:
        await session.execute(statement)


async def run(client: Running, region: str | None = None) -> int:
    return await recompute(client.addresses.application_url, region, client.clock.now)


HALVED = update(SlaTarget).values(
    response_minutes=SlaTarget.response_minutes / 2, resolution_minutes=SlaTarget.resolution_minutes / 2
)


async def test_SLA_nothing_changes_where_nothing_was_changed(client: Running, world: World) -> None:
    await raised(client, world)
    assert await run(client) == 0


async def test_SLA_open_tickets_get_the_policy_as_it_is_now(client: Running, world: World) -> None:
    ticket_id = await raised(client, world)
    await change(client, HALVED)
    assert await run(client) == 1
    ticket: Ticket = await row(client, Ticket, ticket_id)
    assert (ticket.response_minutes, ticket.response_due_at) == (240, ticket.created_at + timedelta(minutes=240))
    assert ticket.resolution_due_at == ticket.created_at + timedelta(minutes=2400)
    assert ticket.sla_policy_version == 1 + len(range(1, 6))  # each of its targets was changed


async def test_SLA_open_tickets_get_the_calendar_as_it_is_now(client: Running, world: World) -> None:
    ticket_id = await raised(client, world)
    await change(client, update(CalendarInterval).values(start_minute=0, end_minute=240))
    assert await run(client) == 1
    ticket: Ticket = await row(client, Ticket, ticket_id)
    assert ticket.response_due_at is not None
    assert ticket.response_due_at > ticket.created_at + timedelta(days=1)


async def test_SLA_pauses_and_answers_are_kept(client: Running, world: World) -> None:
    ticket_id = await raised(client, world)
    client.clock.advance(minutes=60)
    made(await reply(await client.as_(AGENT), ticket_id, needsAnswer=True))
    client.clock.advance(minutes=100)
    made(await reply(await client.as_("owner@alder.example"), ticket_id))
    await change(client, HALVED)
    assert await run(client) == 1
    ticket: Ticket = await row(client, Ticket, ticket_id)
    assert (ticket.response_minutes, ticket.response_due_at) == (480, ticket.created_at + timedelta(minutes=480))
    assert ticket.resolution_due_at == ticket.created_at + timedelta(minutes=2400 + 100)


async def test_SLA_what_is_closed_stays_as_it_was(client: Running, world: World) -> None:
    ticket_id = await raised(client, world)
    made(await done(await client.as_(AGENT), CLOSE, id=ticket_id, code="DECREMENT"))
    await change(client, HALVED)
    assert await run(client) == 0


async def test_SLA_one_region_at_a_time(client: Running, world: World) -> None:
    await raised(client, world)
    await change(client, HALVED)
    async with client.session() as session:
        (key,) = (await session.execute(select(SupportRegion.key))).scalars()
        session.add(SupportRegion(key="elsewhere", name="Elsewhere", timezone="UTC", countries=[], is_default=False))
        await session.commit()
    assert await run(client, "elsewhere") == 0
    assert await run(client, key) == 1


async def test_SLA_a_region_that_is_not_there_is_told(client: Running, world: World) -> None:
    with pytest.raises(SetupError, match="there is no region nowhere: there are "):
        await run(client, "nowhere")


async def test_SLA_it_is_in_the_logs_of_customer_and_platform(client: Running, world: World) -> None:
    ticket_id = await raised(client, world)
    await change(client, HALVED)
    before = (await row(client, Ticket, ticket_id)).response_due_at
    await run(client)
    async with client.session() as session:
        found = select(AuditEvent).where(AuditEvent.action == "ticket.sla_recompute")
        events = (await session.execute(found)).scalars().all()
    assert {event.tenant_id for event in events} == {world.alder.tenant, world.platform.tenant}
    assert {event.before["response_due_at"] for event in events if event.before} == {before.isoformat()}


async def test_SLA_a_clock_of_another_kind_counts_anew(client: Running, world: World) -> None:
    ticket_id = await raised(client, world)
    await change(client, update(SlaTarget).values(clock=SlaClock.CALENDAR))
    await run(client)
    assert (await row(client, Ticket, ticket_id)).resolution_clock is SlaClock.CALENDAR
