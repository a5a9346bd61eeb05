"""A ticket's verbs and clocks without a database (spec 4.2, 7, D25, AMB-31)."""

from datetime import UTC, datetime, timedelta
from itertools import product
from uuid import UUID

import pytest

from domain.errors import ErrorCode, RefusedError
from domain.support.clock import SlaClock
from domain.support.working_time import Calendar
from domain.tickets.lifecycle import REOPEN_WINDOW, TRANSITIONS, credits_incident
from domain.tickets.model import ClosureCode, Ticket, TicketStatus

NOW = datetime(2026, 11, 16, 10, tzinfo=UTC)  # a Monday
OFFICE = Calendar("UTC", dict.fromkeys(range(5), ((540, 1020),)))
SOMEBODY = UUID(int=1)


def ticket(status: TicketStatus = TicketStatus.OPEN, **values: object) -> Ticket:
    paused = {"paused_for": timedelta(), "paused_open_for": timedelta()}
    return Ticket(**({"status": status, "reopened_count": 0} | paused | values))


@pytest.mark.parametrize(("start", "end"), list(product(TicketStatus, TicketStatus)))
def test_only_the_named_steps_are_possible(start: TicketStatus, end: TicketStatus) -> None:
    subject = ticket(start)
    if end in TRANSITIONS[start]:
        subject._become(end)
        assert subject.status is end
        return
    with pytest.raises(RefusedError) as refused:
        subject._become(end)
    (problem,) = refused.value.problems
    assert problem.code is ErrorCode.INVALID_TRANSITION
    assert (problem.data["from_"], problem.data["to"]) == (start, end)
    assert subject.status is start


@pytest.mark.parametrize(
    ("code", "before_the_first_answer", "afterwards"),
    [
        (ClosureCode.DECREMENT, False, False),
        (ClosureCode.NON_DECREMENT, True, True),
        (ClosureCode.DUPLICATE, True, True),
        (ClosureCode.MERGED, True, True),
        (ClosureCode.WITHDRAWN, True, False),
    ],
)
def test_D25_which_codes_give_the_incident_back(
    code: ClosureCode, before_the_first_answer: bool, afterwards: bool
) -> None:
    assert credits_incident(code, None) is before_the_first_answer
    assert credits_incident(code, NOW) is afterwards


@pytest.mark.parametrize(("late", "reopens"), [(timedelta(microseconds=-1), True), (timedelta(0), False)])
def test_AMB31_the_window_is_half_open(late: timedelta, reopens: bool) -> None:
    subject = ticket(TicketStatus.RESOLVED, resolved_at=NOW)
    if reopens:
        subject.reply(NOW + REOPEN_WINDOW + late, OFFICE)
        assert (subject.status, subject.reopened_count) == (TicketStatus.OPEN, 1)
        return
    with pytest.raises(RefusedError) as refused:
        subject.reply(NOW + REOPEN_WINDOW + late, OFFICE)
    assert refused.value.problems[0].code is ErrorCode.TICKET_CLOSED


def test_the_resolution_clock_rests_in_working_time_while_the_vendor_waits() -> None:
    subject = ticket(response_clock=SlaClock.BUSINESS, resolution_due_at=NOW + timedelta(hours=2))
    subject.answer(NOW, needs_answer=True, human=True)
    subject.reply(NOW + timedelta(days=1, hours=1), OFFICE)  # a day's seven open hours, and two of the next morning
    assert subject.resolution_stopped_at is None
    assert subject.resolution_due_at == NOW + timedelta(days=1, hours=3)


def test_the_resolution_clock_rests_round_the_clock_where_it_counts_so() -> None:
    subject = ticket(response_clock=SlaClock.CALENDAR, resolution_due_at=NOW + timedelta(hours=2))
    subject.answer(NOW, needs_answer=True, human=True)
    subject.reply(NOW + timedelta(days=1), OFFICE)
    assert subject.resolution_due_at == NOW + timedelta(days=1, hours=2)


def test_a_second_question_does_not_start_the_rest_anew() -> None:
    subject = ticket()
    subject.answer(NOW, needs_answer=True, human=True)
    subject.answer(NOW + timedelta(hours=1), needs_answer=True, human=True)
    assert (subject.resolution_stopped_at, subject.first_responded_at) == (NOW, NOW)


def test_SLA_a_machine_does_not_give_the_first_answer() -> None:
    subject = ticket()
    subject.answer(NOW, needs_answer=True, human=False)
    assert (subject.status, subject.first_responded_at) == (TicketStatus.AWAITING_REPLY, None)


def test_resolving_what_waits_keeps_the_instant_of_the_rest() -> None:
    subject = ticket()
    subject.answer(NOW, needs_answer=True, human=True)
    subject.resolve(NOW + timedelta(hours=1))
    assert (subject.resolution_stopped_at, subject.resolved_at) == (NOW, NOW + timedelta(hours=1))


def test_E14_a_closed_ticket_is_given_to_nobody() -> None:
    with pytest.raises(RefusedError) as refused:
        ticket(TicketStatus.CLOSED).assign(SOMEBODY, "Somebody", NOW)
    assert refused.value.problems[0].code is ErrorCode.TICKET_CLOSED
