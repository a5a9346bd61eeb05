"""Response and resolution targets of a ticket (spec 7): made when it is raised, read at any time."""

from datetime import datetime
from typing import Any

from domain.support.calendars import calendar_of
from domain.support.clock import Calendar, SlaClock, SlaState, SlaTarget, add_business, business_minutes, due_at
from domain.support.clock import remaining_minutes as minutes_between
from domain.support.clock import state as state_at


def targets(start: datetime, promised: dict[str, Any], calendar: Calendar) -> dict[str, Any]:
    """The ticket's columns for a row of `sla_target`; both targets run on the same clock."""
    clock, response, resolution = promised["clock"], promised["response_minutes"], promised["resolution_minutes"]
    return {
        "response_minutes": response,
        "response_clock": clock,
        "response_due_at": due_at(start, SlaTarget(response, clock), calendar),
        "resolution_minutes": resolution,
        "resolution_due_at": due_at(start, SlaTarget(resolution, clock), calendar),
    }


def later_by(due: datetime, stopped: datetime, at: datetime, clock: SlaClock, calendar: Calendar) -> datetime:
    """When a target is due whose clock stood still from `stopped` to `at`."""
    if clock is SlaClock.BUSINESS:
        return add_business(due, business_minutes(stopped, at, calendar), calendar)
    return due + (at - stopped)


def state_of(row: dict[str, Any]) -> SlaState:
    """How the target of a row of `domain.tickets.targets` stands at the instant of the request."""
    target = SlaTarget(row["minutes"], row["clock"])
    calendar = calendar_of(row["calendar"])
    return state_at(row["now"], row["due_at"], target, calendar, met_at=row["met_at"], paused_at=row["paused_at"])


def remaining_of(row: dict[str, Any]) -> int:
    """Whole minutes on the target's clock until it is due: negative when overdue, what was left when it stopped."""
    at = row["met_at"] or row["paused_at"] or row["now"]
    return minutes_between(at, row["due_at"], row["clock"], calendar_of(row["calendar"]))
