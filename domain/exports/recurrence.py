"""When a scheduled export comes round: a time on the wall of a time zone, each day, week or month. Pure functions."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from domain.support.opening_hours import from_ticks, wall_ticks

LONGEST: Final = 63
"""Days among which each frequency has one, and more."""


class ExportFrequency(StrEnum):
    """How often."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A minute of the days of a zone; `weekday` (0 = Monday) is of weeks alone, `day_of_month` of months alone.

    A month that is shorter has its day on its last one.
    """

    frequency: ExportFrequency
    minute: int
    time_zone: str
    weekday: int | None = None
    day_of_month: int | None = None

    def next_after(self, at: datetime) -> datetime:
        """The first time after `at`, in UTC.

        A time that the clocks skip is the change itself, and one that they show twice is the first: each day has one.
        """
        zone = ZoneInfo(self.time_zone)
        first = at.astimezone(zone).date() - timedelta(days=1)
        days = (first + timedelta(days=number) for number in range(LONGEST))
        times = (from_ticks(wall_ticks(zone, day, self.minute)) for day in days if self._has(day))
        return next(time for time in times if time > at)

    def _has(self, day: date) -> bool:
        if self.frequency is ExportFrequency.WEEKLY:
            return day.weekday() == self.weekday
        if self.frequency is ExportFrequency.MONTHLY:
            return day.day == min(self.day_of_month or 1, monthrange(day.year, day.month)[1])
        return True
