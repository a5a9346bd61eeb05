"""Working time (spec section 7): pure arithmetic, no database, no system clock.

Adding and counting working time are a binary search in each year's open spans, not a walk through them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import ceil
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

_LONGEST_CLOSURE = timedelta(days=366) // TICK


class CalendarNeverOpenError(ValueError):
    """No open minute in 366 days: a mistake in the calendar's configuration, not a very late due time."""


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


def opening(at: datetime, calendar: Calendar) -> datetime:
    """The first open instant (UTC) from `at` on; raises CalendarNeverOpenError as `add_business` does."""
    return add_business(at, Fraction(1, MINUTE), calendar) - TICK


def check_opens(calendar: Calendar, since: datetime) -> None:
    """Raise CalendarNeverOpenError where it is closed for 366 days from `since` on, or from an exception after it."""
    days = (from_ticks(wall_ticks(calendar.zone, day, 0)) for day in calendar.exceptions)
    for at in (since, *(day for day in days if day > since)):
        opening(at, calendar)


def subtract_business(end: datetime, minutes: int | Fraction, calendar: Calendar) -> datetime:
    """The earliest instant (UTC) from which no more than so many open minutes are left until `end`.

    Raises CalendarNeverOpenError after two years without an open minute, ValueError as `add_business` does.
    """
    if minutes < 0:
        raise ValueError("minutes must not be negative")
    last, need, year = to_ticks(end), ceil(minutes * MINUTE), end.astimezone(calendar.zone).year
    while (kept := calendar.year(year).open_before(last) - need) <= 0:
        need, year = -kept, year - 1
        if not (calendar.year(year).total or calendar.year(year + 1).total):
            raise CalendarNeverOpenError(f"no open minute in {year} and {year + 1}")
    return from_ticks(calendar.year(year).used_up(kept))


def business_minutes(a: datetime, b: datetime, calendar: Calendar) -> Fraction:
    """Open minutes from `a` to `b`, exactly; negative when `b` comes first. The inverse of add_business."""
    if a > b:
        return -business_minutes(b, a, calendar)
    first, last = to_ticks(a), to_ticks(b)
    years = range(a.astimezone(calendar.zone).year, b.astimezone(calendar.zone).year + 1)
    spent = (hours.open_before(last) - hours.open_before(first) for hours in map(calendar.year, years))
    return Fraction(sum(spent), MINUTE)


def open_time(a: datetime, b: datetime, calendar: Calendar) -> timedelta:
    """The open time from `a` to `b`, to the microsecond."""
    return TICK * int(business_minutes(a, b, calendar) * MINUTE)
