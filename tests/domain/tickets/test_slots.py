"""When an advocate can be met: working time in pieces, without what is taken (spec 7, E17)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.support.working_time import Calendar
from domain.tickets.slots import free_slots, length_of
from domain.tickets.states import SupportIssueType

HALF, HOUR = timedelta(minutes=30), timedelta(hours=1)
WEEKDAYS = dict.fromkeys(range(5), ((9 * 60, 11 * 60), (13 * 60, 14 * 60)))
BERLIN = Calendar("Europe/Berlin", WEEKDAYS, {date(2026, 6, 4): (), date(2026, 6, 5): ((600, 660),)})


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def starts(since: str, until: str, length: timedelta = HALF, *busy: tuple[str, str]) -> list[str]:
    taken = [(at(start), at(end)) for start, end in busy]
    found = free_slots(BERLIN, length, at(since), at(until), taken)
    return [start.strftime("%d %H:%M") for start, _ in found]


def test_E17_slots_are_in_working_time_alone() -> None:
    assert starts("2026-06-03T00:00", "2026-06-04T00:00") == [
        "03 07:00",
        "03 07:30",
        "03 08:00",
        "03 08:30",
        "03 11:00",
        "03 11:30",
    ]


def test_E17_a_holiday_has_none_and_a_shorter_day_those_of_its_hours() -> None:
    assert starts("2026-06-04T00:00", "2026-06-06T00:00") == ["05 08:00", "05 08:30"]


def test_E17_a_weekend_has_none() -> None:
    assert starts("2026-06-06T00:00", "2026-06-08T00:00") == []


def test_a_longer_meeting_does_not_go_beyond_closing() -> None:
    assert starts("2026-06-03T00:00", "2026-06-04T00:00", timedelta(minutes=90)) == ["03 07:00"]


def test_they_begin_at_or_after_the_first_instant_and_before_the_last() -> None:
    assert starts("2026-06-03T07:30", "2026-06-03T08:30") == ["03 07:30", "03 08:00"]
    assert starts("2026-06-03T07:31", "2026-06-03T08:00") == []


def test_what_overlaps_with_a_meeting_is_taken_and_what_touches_it_is_free() -> None:
    taken = ("2026-06-03T07:45", "2026-06-03T08:30")
    assert starts("2026-06-03T00:00", "2026-06-03T10:00", HALF, taken) == ["03 07:00", "03 08:30"]


def test_hours_are_those_on_the_wall_where_the_clocks_change() -> None:
    assert starts("2026-03-27T00:00", "2026-03-31T00:00", HOUR) == [
        "27 08:00",
        "27 09:00",
        "27 12:00",
        "30 07:00",
        "30 08:00",
        "30 11:00",
    ]


@pytest.mark.parametrize(
    ("issue_type", "minutes"),
    [(SupportIssueType.TROUBLESHOOT, 60), (SupportIssueType.GENERAL_GUIDANCE, 30), (None, 30)],
)
def test_the_length_of_a_meeting_goes_by_the_issue_type(issue_type: SupportIssueType | None, minutes: int) -> None:
    assert length_of(issue_type) == timedelta(minutes=minutes)
