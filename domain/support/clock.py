"""Service levels (spec section 7): targets, when they are due, and how they stand. Pure arithmetic, no system clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor
from types import MappingProxyType

from domain.support.opening_hours import DAY_MINUTES, MINUTE, from_ticks, to_ticks
from domain.support.working_time import Calendar, add_business, business_minutes, subtract_business

MAX_TARGET_MINUTES = 366 * DAY_MINUTES
AT_RISK_FROM = Fraction(3, 4)
"""The share of the target that is used up when it becomes AT_RISK."""


class SlaClock(StrEnum):
    """CALENDAR counts round the clock, BUSINESS counts the open time of the region's calendar."""

    CALENDAR = "CALENDAR"
    BUSINESS = "BUSINESS"


class SlaState(StrEnum):
    """How a target stands at one instant."""

    ON_TRACK = "ON_TRACK"
    AT_RISK = "AT_RISK"
    BREACHED = "BREACHED"
    MET = "MET"
    PAUSED = "PAUSED"


@dataclass(frozen=True)
class SlaTarget:
    """So many minutes on that clock."""

    minutes: int
    clock: SlaClock

    def __post_init__(self) -> None:
        if not 0 < self.minutes <= MAX_TARGET_MINUTES:
            raise ValueError(f"a target is 1 to {MAX_TARGET_MINUTES} minutes, not {self.minutes}")


RESPONSE_TARGETS: Mapping[int, SlaTarget] = MappingProxyType(
    {
        5: SlaTarget(120, SlaClock.CALENDAR),
        4: SlaTarget(240, SlaClock.BUSINESS),
        3: SlaTarget(480, SlaClock.BUSINESS),
        2: SlaTarget(960, SlaClock.BUSINESS),
        1: SlaTarget(1440, SlaClock.BUSINESS),
    }
)
"""Default response target by severity; 5 is the worst (spec A8, section 7)."""


def due_at(start: datetime, target: SlaTarget, calendar: Calendar) -> datetime:
    """When the target is due (UTC); the calendar matters to the BUSINESS clock only."""
    if target.clock == SlaClock.BUSINESS:
        return add_business(start, target.minutes, calendar)
    return from_ticks(to_ticks(start) + target.minutes * MINUTE)


def at_risk_at(due: datetime, target: SlaTarget, calendar: Calendar) -> datetime:
    """From which instant on (UTC) a target that runs without a pause is AT_RISK."""
    left = target.minutes * (1 - AT_RISK_FROM)
    if target.clock == SlaClock.BUSINESS:
        return subtract_business(due, left, calendar)
    return from_ticks(to_ticks(due) - ceil(left * MINUTE))


def remaining_minutes(now: datetime, due: datetime, clock: SlaClock, calendar: Calendar) -> int:
    """Whole minutes of the target's own clock until `due`, rounded down: none is promised that is not there.

    Negative when overdue. For a paused target give the instant of the pause as `now`.
    """
    return floor(_remaining(now, due, clock, calendar))


def state(
    now: datetime,
    due: datetime,
    target: SlaTarget,
    calendar: Calendar,
    *,
    met_at: datetime | None = None,
    paused_at: datetime | None = None,
) -> SlaState:
    """How the target stands at `now`; meeting it exactly at `due` is in time.

    A target met late stays BREACHED, and so does one that was overdue when it was paused. What is used up is
    reckoned back from `due`, which has the pauses in it, so they never bring AT_RISK nearer.
    """
    stopped = met_at or paused_at
    if (stopped or now) > due:
        return SlaState.BREACHED
    if stopped:
        return SlaState.MET if met_at else SlaState.PAUSED
    left = _remaining(now, due, target.clock, calendar)
    at_risk = left <= target.minutes * (1 - AT_RISK_FROM)
    return SlaState.AT_RISK if at_risk else SlaState.ON_TRACK


def _remaining(now: datetime, due: datetime, clock: SlaClock, calendar: Calendar) -> Fraction:
    if clock == SlaClock.BUSINESS:
        return business_minutes(now, due, calendar)
    return Fraction(to_ticks(due) - to_ticks(now), MINUTE)
