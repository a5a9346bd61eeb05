"""Working time and response targets (spec section 7): pure arithmetic, no database, no system clock.

Adding and counting working time are a binary search in each year's open spans, not a walk through them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor
from types import MappingProxyType
from zoneinfo import ZoneInfo

from domain.support.opening_hours import (
    DAY_MINUTES,
    MINUTE,
    TICK,
    Interval,
    OpenYear,
    from_ticks,
    to_ticks,
    wall_ticks,
)

MAX_TARGET_MINUTES = 366 * DAY_MINUTES
AT_RISK_FROM = Fraction(3, 4)
"""The share of the target that is used up when it becomes AT_RISK."""

_LONGEST_CLOSURE = timedelta(days=366) // TICK


class CalendarNeverOpenError(ValueError):
    """No open minute in 366 days: a mistake in the calendar's configuration, not a very late due time."""


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
class Calendar:
    """Opening hours of a region in its own zone. Monday is weekday 0; a weekday without intervals is closed.

    An exception replaces the whole local date; empty means closed. Intervals may touch or overlap: common
    time counts once. Keep the object: it remembers the years that it has worked out.
    """

    tz: str
    weekly: Mapping[int, tuple[Interval, ...]]
    exceptions: Mapping[date, tuple[Interval, ...]] = field(default_factory=dict)
    _years: dict[int, OpenYear] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not set(self.weekly) <= set(range(7)):
            raise ValueError("weekdays are 0 (Monday) to 6 (Sunday)")
        for start, end in (i for m in (self.weekly, self.exceptions) for day in m.values() for i in day):
            if not 0 <= start < end <= DAY_MINUTES:
                raise ValueError(f"{start}-{end} is not an interval within one day (0-{DAY_MINUTES} minutes)")
        object.__setattr__(self, "weekly", MappingProxyType(dict(self.weekly)))
        object.__setattr__(self, "exceptions", MappingProxyType(dict(self.exceptions)))
        try:
            ZoneInfo(self.tz)
        except (KeyError, OSError) as error:
            raise ValueError(f"{self.tz!r} is not an IANA time zone") from error

    @property
    def zone(self) -> ZoneInfo:
        """The region's time zone."""
        return ZoneInfo(self.tz)

    def intervals(self, day: date) -> tuple[Interval, ...]:
        """Opening hours of one local date."""
        return self.exceptions.get(day, self.weekly.get(day.weekday(), ()))

    def year(self, year: int) -> OpenYear:
        """Open spans of the local dates of one year."""
        if year not in self._years:
            self._years[year] = OpenYear(self.zone, year, self.intervals)
        return self._years[year]


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


def add_business(start: datetime, minutes: int | Fraction, calendar: Calendar) -> datetime:
    """The earliest instant (UTC) by which so many open minutes have passed since `start`.

    Time used up exactly at closing is due at closing, not at the next opening; zero minutes are due at once.
    The finest step is a microsecond, rounded up.
    Raises CalendarNeverOpenError after 366 days without an open minute, ValueError for naive times and for
    negative minutes.
    """
    if minutes < 0:
        raise ValueError("minutes must not be negative")
    cursor, need, year = to_ticks(start), ceil(minutes * MINUTE), start.astimezone(calendar.zone).year
    while need > 0:
        hours = calendar.year(year)
        year += 1
        reopening = hours.opening(cursor)
        closed_until = wall_ticks(calendar.zone, date(year, 1, 1), 0) if reopening is None else reopening
        if closed_until - cursor > _LONGEST_CLOSURE:
            raise CalendarNeverOpenError(f"no open minute in 366 days from {from_ticks(cursor).isoformat()}")
        left = hours.total - hours.open_before(cursor)
        if need <= left:
            return from_ticks(hours.used_up(hours.total - left + need))
        if left:
            cursor, need = hours.closing, need - left
    return from_ticks(cursor)


def business_minutes(a: datetime, b: datetime, calendar: Calendar) -> Fraction:
    """Open minutes from `a` to `b`, exactly; negative when `b` comes first. The inverse of add_business."""
    if a > b:
        return -business_minutes(b, a, calendar)
    first, last = to_ticks(a), to_ticks(b)
    years = range(a.astimezone(calendar.zone).year, b.astimezone(calendar.zone).year + 1)
    spent = (hours.open_before(last) - hours.open_before(first) for hours in map(calendar.year, years))
    return Fraction(sum(spent), MINUTE)


def due_at(start: datetime, target: SlaTarget, calendar: Calendar) -> datetime:
    """When the target is due (UTC); the calendar matters to the BUSINESS clock only."""
    if target.clock == SlaClock.BUSINESS:
        return add_business(start, target.minutes, calendar)
    return from_ticks(to_ticks(start) + target.minutes * MINUTE)


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
