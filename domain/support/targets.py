"""Response and resolution targets of a ticket (spec 7): made when it is raised, read at any time."""

from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from domain.support.calendars import calendar_of
from domain.support.clock import SlaClock, SlaState, SlaTarget, at_risk_at, due_at
from domain.support.clock import remaining_minutes as minutes_between
from domain.support.clock import state as state_at
from domain.support.opening_hours import MINUTE, TICK
from domain.support.working_time import Calendar, add_business

RESPONSE = ("response_minutes", "response_clock", "response_due_at", "response_at_risk_at")
"""The columns of a ticket that say when the first answer is due."""


def targets(start: datetime, promised: dict[str, Any], calendar: Calendar) -> dict[str, Any]:
    """The ticket's columns for a row of `sla_target`; both targets run on the same clock."""
    clock, response, resolution = promised["clock"], promised["response_minutes"], promised["resolution_minutes"]
    responding, resolving = SlaTarget(response, clock), SlaTarget(resolution, clock)
    response_due, resolution_due = due_at(start, responding, calendar), due_at(start, resolving, calendar)
    return {
        "sla_policy_id": promised["policy_id"],
        "sla_policy_version": promised["policy_version"],
        "response_minutes": response,
        "response_clock": clock,
        "response_due_at": response_due,
        "response_at_risk_at": at_risk_at(response_due, responding, calendar),
        "resolution_minutes": resolution,
        "resolution_clock": clock,
        "resolution_due_at": resolution_due,
        "resolution_at_risk_at": at_risk_at(resolution_due, resolving, calendar),
    }


def later_by(due: datetime, pause: timedelta, clock: SlaClock, calendar: Calendar) -> datetime:
    """When a target is due whose clock stood still for a time that is counted by that very clock."""
    if clock is SlaClock.BUSINESS:
        return add_business(due, Fraction(pause // TICK, MINUTE), calendar)
    return due + pause


def state_of(row: dict[str, Any]) -> SlaState:
    """How the target of a row of `domain.tickets.targets` stands at the instant of the request."""
    target = SlaTarget(row["minutes"], row["clock"])
    calendar = calendar_of(row["calendar"])
    return state_at(row["now"], row["due_at"], target, calendar, met_at=row["met_at"], paused_at=row["paused_at"])


def at_risk_at_of(row: dict[str, Any]) -> datetime | None:
    """From when on the target is at risk; None once its clock stands still, as that instant moves then."""
    if row["met_at"] or row["paused_at"]:
        return None
    return at_risk_at(row["due_at"], SlaTarget(row["minutes"], row["clock"]), calendar_of(row["calendar"]))


def breached_at_of(row: dict[str, Any]) -> datetime | None:
    """Since when the target has been missed; None where it has not."""
    due: datetime = row["due_at"]
    return due if state_of(row) is SlaState.BREACHED else None


def remaining_of(row: dict[str, Any]) -> int:
    """Whole minutes on the target's clock until it is due: negative when overdue, what was left when it stopped."""
    at = row["met_at"] or row["paused_at"] or row["now"]
    return minutes_between(at, row["due_at"], row["clock"], calendar_of(row["calendar"]))
