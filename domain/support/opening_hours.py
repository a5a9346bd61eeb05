"""Local opening hours as instants: a year's open spans in UTC, merged, with running totals (spec section 7).

Instants are whole microseconds since 1970 here ("ticks"), so that sums are exact and comparisons cheap.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import accumulate
from zoneinfo import ZoneInfo


class Weekday(StrEnum):
    """The days of the week, as calendars count them from 0."""

    MONDAY = "MONDAY"
    TUESDAY = "TUESDAY"
    WEDNESDAY = "WEDNESDAY"
    THURSDAY = "THURSDAY"
    FRIDAY = "FRIDAY"
    SATURDAY = "SATURDAY"
    SUNDAY = "SUNDAY"


Interval = tuple[int, int]
"""Half-open local interval in minutes from midnight; the end may be 1440 (24:00)."""

DAY_MINUTES = 24 * 60
TICK = timedelta(microseconds=1)
MINUTE = 60_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CLOCK_TIME = re.compile("([0-2][0-9]):([0-5][0-9])")


def clock_time(minute: int) -> str:
    """A minute of the day as people write it; the end of the day is 24:00."""
    return f"{minute // 60:02}:{minute % 60:02}"


def minute_of(text: str) -> int | None:
    """The minute of the day that people write as `08:30`, the end of the day as `24:00`; None for what is no time."""
    found = _CLOCK_TIME.fullmatch(text)
    minute = int(found[1]) * 60 + int(found[2]) if found else DAY_MINUTES + 1
    return minute if minute <= DAY_MINUTES else None


def to_ticks(at: datetime) -> int:
    """The instant in ticks; ValueError for a naive time."""
    if at.utcoffset() is None:
        raise ValueError("a time without a zone is not an instant")
    return (at - _EPOCH) // TICK


def from_ticks(ticks: int) -> datetime:
    """The instant in UTC."""
    return _EPOCH + ticks * TICK


def wall_ticks(zone: ZoneInfo, day: date, minute: int) -> int:
    """A local wall time as an instant.

    An ambiguous one is its first occurrence (fold=0). One that the clocks skip moves forward to the change
    itself: an interval that ends in the gap and the next that starts there neither overlap nor turn round.
    """
    wall = datetime.combine(day, time(), zone) + timedelta(minutes=minute)
    naive = (day.toordinal() - _EPOCH.toordinal()) * DAY_MINUTES * MINUTE + minute * MINUTE
    first, second = (naive - (wall.replace(fold=fold).utcoffset() or timedelta()) // TICK for fold in (0, 1))
    return first if first <= second else _change(zone, second, first)


def _change(zone: ZoneInfo, low: int, high: int) -> int:
    """The instant of the change of offset in (low, high], found by halving."""
    old = from_ticks(low).astimezone(zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        if from_ticks(middle).astimezone(zone).utcoffset() == old:
            low = middle
        else:
            high = middle
    return high


class OpenYear:
    """The open spans of the local dates of one year, disjoint and in order."""

    def __init__(self, zone: ZoneInfo, year: int, intervals: Callable[[date], tuple[Interval, ...]]) -> None:
        self._spans = _merged(_spans(zone, year, intervals))
        self._starts = [start for start, _ in self._spans]
        self._before = list(accumulate((end - start for start, end in self._spans), initial=0))
        self.total = self._before[-1]

    def open_before(self, at: int) -> int:
        """Open ticks of this year before `at`: from 0 up to its total."""
        index = bisect_right(self._starts, at) - 1
        if index < 0:
            return 0
        start, end = self._spans[index]
        return self._before[index] + min(at, end) - start

    def used_up(self, open_ticks: int) -> int:
        """The earliest instant before which so much of this year was open; 0 < open_ticks <= total."""
        index = bisect_right(self._before, open_ticks - 1) - 1
        return self._starts[index] + open_ticks - self._before[index]

    def opening(self, at: int) -> int | None:
        """The first open instant from `at` on, None when none is left in this year."""
        used = self.open_before(at)
        return self.used_up(used + 1) - 1 if used < self.total else None

    @property
    def closing(self) -> int:
        """The end of the last span; only for a year that opens at all."""
        return self._spans[-1][1]


def _spans(zone: ZoneInfo, year: int, intervals: Callable[[date], tuple[Interval, ...]]) -> Iterator[Interval]:
    for ordinal in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1):
        day = date.fromordinal(ordinal)
        for start, end in intervals(day):
            yield wall_ticks(zone, day, start), wall_ticks(zone, day, end)


def _merged(spans: Iterable[Interval]) -> list[Interval]:
    """Join what touches or overlaps, also across midnight; drop what a skipped hour leaves empty."""
    merged: list[Interval] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return merged
