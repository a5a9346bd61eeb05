"""When an advocate can be met: working time, in pieces, without what is taken (spec 7)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from domain.support.opening_hours import from_ticks, wall_ticks
from domain.support.working_time import Calendar
from domain.tickets.states import SupportIssueType

Slot = tuple[datetime, datetime]
"""From when, and until when, which is outside."""
LEAD = timedelta(hours=2)
"""How long before it a meeting can still be arranged."""
AHEAD = timedelta(days=60)
LONGEST_SEARCH = timedelta(days=14)
USUAL = timedelta(minutes=30)
LENGTHS = {SupportIssueType.TROUBLESHOOT: timedelta(minutes=60)}


def length_of(issue_type: SupportIssueType | None) -> timedelta:
    """How long a meeting is."""
    return LENGTHS.get(issue_type, USUAL) if issue_type else USUAL


def free_slots(
    calendar: Calendar, length: timedelta, since: datetime, until: datetime, busy: Sequence[Slot]
) -> Iterator[Slot]:
    """The slots that begin in [since, until), in order: counted from each opening, none beyond its closing."""
    for start, end in _slots(calendar, length, since, until):
        if since <= start < until and not any(start < taken_until and taken < end for taken, taken_until in busy):
            yield start, end


def _slots(calendar: Calendar, length: timedelta, since: datetime, until: datetime) -> Iterator[Slot]:
    for opens_at, closes_at in _spans(calendar, since, until):
        start = opens_at
        while start + length <= closes_at:
            yield start, start + length
            start += length


def _spans(calendar: Calendar, since: datetime, until: datetime) -> Iterator[Slot]:
    """The working time of the local days that the search touches."""
    first, last = (at.astimezone(calendar.zone).date().toordinal() for at in (since, until))
    for day in map(date.fromordinal, range(first, last + 1)):
        for start, end in sorted(calendar.intervals(day)):
            opens_at, closes_at = (from_ticks(wall_ticks(calendar.zone, day, minute)) for minute in (start, end))
            yield opens_at, closes_at
