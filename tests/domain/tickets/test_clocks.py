"""What is promised, and what pauses do to it, when the promise becomes another one (spec 7)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.support.clock import SlaClock
from domain.support.reference import STANDARD
from domain.support.working_time import Calendar
from domain.tickets.clocks import NO_TIME
from domain.tickets.model import Ticket, TicketStatus

RAISED = datetime(2026, 11, 16, 10, tzinfo=UTC)  # a Monday
OFFICE = Calendar("UTC", dict.fromkeys(range(5), ((540, 1020),)))


def promised(clock: SlaClock, response: int, resolution: int) -> dict[str, Any]:
    """A target as the database has it."""
    return {
        "policy_id": STANDARD,
        "policy_version": 3,
        "clock": clock,
        "response_minutes": response,
        "resolution_minutes": resolution,
    }


SLOW = promised(SlaClock.BUSINESS, 240, 960)
URGENT = promised(SlaClock.CALENDAR, 120, 720)


@pytest.fixture
def ticket() -> Ticket:
    """Raised on a Monday at ten, with two working days for the solution."""
    subject = Ticket(status=TicketStatus.OPEN, reopened_count=0, paused_for=NO_TIME, paused_open_for=NO_TIME)
    subject.promise(RAISED, SLOW, OFFICE)
    return subject


def wait(ticket: Ticket, begins: datetime, ends: datetime) -> None:
    """The vendor waits for an answer."""
    ticket.answer(begins, needs_answer=True, human=True)
    ticket.reply(ends, OFFICE)


def test_SLA_the_policy_and_its_version_are_kept(ticket: Ticket) -> None:
    assert (ticket.sla_policy_id, ticket.sla_policy_version) == (STANDARD, 3)
    assert (ticket.response_minutes, ticket.resolution_minutes) == (240, 960)


def test_SLA_both_targets_run_from_the_beginning(ticket: Ticket) -> None:
    assert ticket.response_due_at == RAISED + timedelta(hours=4)
    assert ticket.resolution_due_at == RAISED + timedelta(days=2)


def test_SLA_another_promise_runs_from_the_beginning_too(ticket: Ticket) -> None:
    ticket.promise(RAISED, URGENT, OFFICE)
    assert (ticket.response_due_at, ticket.resolution_due_at) == (
        RAISED + timedelta(minutes=120),
        RAISED + timedelta(minutes=720),
    )
    assert (ticket.response_clock, ticket.resolution_clock) == (SlaClock.CALENDAR, SlaClock.CALENDAR)


def test_SLA_another_promise_keeps_the_pauses_by_the_clock_that_it_has(ticket: Ticket) -> None:
    wait(ticket, RAISED + timedelta(hours=1), RAISED + timedelta(days=1))  # 23 hours, of which 7 are working time
    assert (ticket.paused_for, ticket.paused_open_for) == (timedelta(hours=23), timedelta(hours=7))
    assert ticket.resolution_due_at == RAISED + timedelta(days=2, hours=7)
    ticket.promise(RAISED, URGENT, OFFICE)
    assert ticket.resolution_due_at == RAISED + timedelta(minutes=720) + timedelta(hours=23)
    ticket.promise(RAISED, SLOW, OFFICE)
    assert ticket.resolution_due_at == RAISED + timedelta(days=2, hours=7)


def test_SLA_pauses_add_up(ticket: Ticket) -> None:
    wait(ticket, RAISED + timedelta(hours=1), RAISED + timedelta(hours=2))
    wait(ticket, RAISED + timedelta(hours=3), RAISED + timedelta(hours=5))
    assert ticket.paused_for == ticket.paused_open_for == timedelta(hours=3)
    assert ticket.resolution_due_at == RAISED + timedelta(days=2, hours=3)


def test_SLA_a_pause_that_goes_on_counts_once_it_ends(ticket: Ticket) -> None:
    ticket.answer(RAISED + timedelta(hours=1), needs_answer=True, human=True)
    ticket.promise(RAISED, URGENT, OFFICE)
    assert ticket.resolution_stopped_at == RAISED + timedelta(hours=1)
    ticket.reply(RAISED + timedelta(hours=4), OFFICE)
    assert ticket.resolution_due_at == RAISED + timedelta(minutes=720) + timedelta(hours=3)


def test_SLA_an_answer_that_was_given_stays_as_it_was_due(ticket: Ticket) -> None:
    ticket.answer(RAISED + timedelta(hours=3), needs_answer=False, human=True)
    ticket.promise(RAISED, URGENT, OFFICE)
    assert (ticket.response_minutes, ticket.response_due_at) == (240, RAISED + timedelta(hours=4))
    assert (ticket.response_clock, ticket.resolution_clock) == (SlaClock.BUSINESS, SlaClock.CALENDAR)


def test_SLA_the_response_clock_never_stands_still(ticket: Ticket) -> None:
    ticket.answer(RAISED + timedelta(hours=1), needs_answer=True, human=False)
    ticket.reply(RAISED + timedelta(hours=3), OFFICE)
    assert (ticket.first_responded_at, ticket.response_due_at) == (None, RAISED + timedelta(hours=4))


def test_SLA_where_nothing_was_promised_nothing_becomes_due() -> None:
    ticket = Ticket(status=TicketStatus.OPEN, reopened_count=0, paused_for=NO_TIME, paused_open_for=NO_TIME)
    ticket.answer(RAISED, needs_answer=True, human=True)
    ticket.reply(RAISED + timedelta(hours=1), None)
    assert (ticket.resolution_due_at, ticket.paused_for) == (None, timedelta(hours=1))
