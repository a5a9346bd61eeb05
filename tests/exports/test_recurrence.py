"""When schedules come round, whatever the clocks do (spec 3, 16)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.exports.recurrence import ExportFrequency, Recurrence

DAILY, WEEKLY, MONTHLY = ExportFrequency
BERLIN = "Europe/Berlin"


def times(recurrence: Recurrence, after: str, number: int) -> list[str]:
    """The next times, as the clocks of the zone show them."""
    at, found = datetime.fromisoformat(after), []
    for _ in range(number):
        at = recurrence.next_after(at)
        found.append(at.astimezone(ZoneInfo(recurrence.time_zone)).strftime("%Y-%m-%d %H:%M %Z"))
    return found


def test_each_day_is_at_the_same_time_on_the_wall() -> None:
    expected = ["2026-03-28 06:30 CET", "2026-03-29 06:30 CEST", "2026-03-30 06:30 CEST"]
    assert times(Recurrence(DAILY, 390, BERLIN), "2026-03-28T00:00Z", 3) == expected


def test_a_time_that_the_clocks_skip_is_as_they_change() -> None:
    expected = ["2026-03-28 02:30 CET", "2026-03-29 03:00 CEST", "2026-03-30 02:30 CEST"]
    assert times(Recurrence(DAILY, 150, BERLIN), "2026-03-28T00:00Z", 3) == expected


def test_a_time_that_the_clocks_show_twice_is_the_first_and_once() -> None:
    expected = ["2026-10-24 02:30 CEST", "2026-10-25 02:30 CEST", "2026-10-26 02:30 CET"]
    assert times(Recurrence(DAILY, 150, BERLIN), "2026-10-24T00:00Z", 3) == expected


def test_each_week_is_on_its_day() -> None:
    expected = ["2026-01-05 00:00 JST", "2026-01-12 00:00 JST"]
    assert times(Recurrence(WEEKLY, 0, "Asia/Tokyo", weekday=0), "2026-01-01T00:00Z", 2) == expected


def test_each_month_is_on_its_day_or_its_last() -> None:
    expected = ["2028-01-31 23:59 UTC", "2028-02-29 23:59 UTC", "2028-03-31 23:59 UTC", "2028-04-30 23:59 UTC"]
    assert times(Recurrence(MONTHLY, 1439, "UTC", day_of_month=31), "2028-01-01T00:00Z", 4) == expected


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Niue", "America/St_Johns", "Australia/Lord_Howe"])
def test_it_is_always_later_and_within_a_day_and_a_bit(zone: str) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for hours in range(0, 366 * 24, 7):
        now = at + timedelta(hours=hours)
        assert timedelta() < Recurrence(DAILY, 135, zone).next_after(now) - now <= timedelta(hours=25)
