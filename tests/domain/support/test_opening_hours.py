"""Calendars across changes of the clocks (spec section 7): elapsed minutes are those of UTC."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.support.working_time import Calendar, add_business, business_minutes

OFFICE = dict.fromkeys(range(5), ((540, 1020),))  # Monday to Friday, 9:00 to 17:00
BERLIN = Calendar("Europe/Berlin", OFFICE)
ALWAYS = dict.fromkeys(range(7), ((0, 1440),))
ROUND_THE_CLOCK = Calendar("Europe/Berlin", ALWAYS)


def local(zone: str, text: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


def berlin(text: str) -> datetime:
    return local("Europe/Berlin", text)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def daily(zone: str, *intervals: tuple[int, int]) -> Calendar:
    return Calendar(zone, dict.fromkeys(range(7), intervals))


def hm(hours: int, minutes: int = 0) -> int:
    return hours * 60 + minutes


class TestDaylightSaving:
    def test_SLA_berlin_spring_night_has_23_hours(self) -> None:
        day = business_minutes(berlin("2026-03-29T00:00"), berlin("2026-03-30T00:00"), ROUND_THE_CLOCK)
        assert day == 23 * 60

    def test_SLA_berlin_autumn_night_has_25_hours(self) -> None:
        day = business_minutes(berlin("2026-10-25T00:00"), berlin("2026-10-26T00:00"), ROUND_THE_CLOCK)
        assert day == 25 * 60

    def test_SLA_berlin_office_keeps_local_hours_after_the_change(self) -> None:
        due = add_business(berlin("2026-03-27T16:00"), 120, BERLIN)
        assert due == utc("2026-03-30T08:00") == berlin("2026-03-30T10:00")

    def test_SLA_berlin_nonexistent_start_moves_forward(self) -> None:
        calendar = daily("Europe/Berlin", (hm(2, 30), hm(4)))
        opened = utc("2026-03-29T01:00")  # the change, 3:00 summer time
        assert add_business(utc("2026-03-29T00:00"), 1, calendar) == opened + timedelta(minutes=1)
        assert business_minutes(utc("2026-03-29T00:00"), utc("2026-03-29T06:00"), calendar) == 60

    def test_SLA_berlin_intervals_that_meet_in_the_gap_do_not_overlap(self) -> None:
        calendar = daily("Europe/Berlin", (hm(1), hm(2, 30)), (hm(2, 30), hm(4)))
        assert business_minutes(utc("2026-03-29T00:00"), utc("2026-03-29T06:00"), calendar) == 120

    def test_SLA_berlin_interval_from_the_gap_to_soon_after_it(self) -> None:
        calendar = daily("Europe/Berlin", (hm(2, 30), hm(3, 15)))
        assert business_minutes(utc("2026-03-29T00:00"), utc("2026-03-29T06:00"), calendar) == 15

    def test_SLA_berlin_interval_within_the_gap_does_not_open(self) -> None:
        calendar = daily("Europe/Berlin", (hm(2, 15), hm(2, 45)))
        assert add_business(utc("2026-03-28T12:00"), 10, calendar) == berlin("2026-03-30T02:25")

    def test_SLA_berlin_ambiguous_start_is_its_first_occurrence(self) -> None:
        calendar = daily("Europe/Berlin", (hm(2, 30), hm(4)))
        assert add_business(utc("2026-10-24T22:00"), 1, calendar) == utc("2026-10-25T00:31")
        assert business_minutes(utc("2026-10-24T22:00"), utc("2026-10-25T06:00"), calendar) == 150

    def test_SLA_berlin_ambiguous_end_is_its_first_occurrence(self) -> None:
        calendar = daily("Europe/Berlin", (hm(1), hm(2, 30)))
        assert business_minutes(utc("2026-10-24T22:00"), utc("2026-10-25T06:00"), calendar) == 90

    def test_SLA_new_york_spring(self) -> None:
        calendar = daily("America/New_York", (hm(0), hm(6)))
        start = local("America/New_York", "2026-03-08T00:00")
        assert add_business(start, 300, calendar) == utc("2026-03-08T10:00")  # 6:00 summer time, at closing

    def test_SLA_new_york_autumn(self) -> None:
        calendar = daily("America/New_York", (hm(0), hm(6)))
        start = local("America/New_York", "2026-11-01T00:00")
        assert add_business(start, 420, calendar) == local("America/New_York", "2026-11-01T06:00")

    def test_SLA_new_york_start_in_the_second_of_two_equal_hours(self) -> None:
        calendar = daily("America/New_York", (hm(0), hm(6)))
        start = local("America/New_York", "2026-11-01T01:30", fold=1)
        assert add_business(start, 30, calendar) == utc("2026-11-01T07:00")

    def test_SLA_lord_howe_changes_by_half_an_hour_in_spring(self) -> None:
        calendar = daily("Australia/Lord_Howe", (hm(1), hm(4)))
        start = local("Australia/Lord_Howe", "2026-10-04T01:00")
        assert add_business(start, 150, calendar) == local("Australia/Lord_Howe", "2026-10-04T04:00")

    def test_SLA_lord_howe_nonexistent_start_moves_forward(self) -> None:
        calendar = daily("Australia/Lord_Howe", (hm(2, 15), hm(4)))
        start = local("Australia/Lord_Howe", "2026-10-04T00:00")
        assert add_business(start, 10, calendar) == local("Australia/Lord_Howe", "2026-10-04T02:40")

    def test_SLA_lord_howe_changes_by_half_an_hour_in_autumn(self) -> None:
        calendar = daily("Australia/Lord_Howe", (hm(1), hm(4)))
        start = local("Australia/Lord_Howe", "2026-04-05T01:00")
        assert add_business(start, 210, calendar) == local("Australia/Lord_Howe", "2026-04-05T04:00")

    def test_SLA_cairo_skips_midnight_itself(self) -> None:
        calendar = Calendar("Africa/Cairo", ALWAYS)
        start, end = local("Africa/Cairo", "2026-04-23T12:00"), local("Africa/Cairo", "2026-04-24T12:00")
        assert business_minutes(start, end, calendar) == 23 * 60

    def test_SLA_apia_skipped_a_whole_date(self) -> None:
        calendar = daily("Pacific/Apia", (hm(9), hm(17)))
        start = local("Pacific/Apia", "2011-12-29T16:00")
        assert add_business(start, 120, calendar) == local("Pacific/Apia", "2011-12-31T10:00")


class TestCalendar:
    def test_SLA_interval_may_end_at_24_and_must_not_go_past(self) -> None:
        assert Calendar("UTC", {0: ((0, 1440),)}).intervals(date(2026, 3, 2)) == ((0, 1440),)
        with pytest.raises(ValueError, match="0-1441"):
            Calendar("UTC", {0: ((0, 1441),)})

    def test_SLA_interval_must_not_be_empty(self) -> None:
        with pytest.raises(ValueError, match="600-600"):
            Calendar("UTC", {}, {date(2026, 1, 1): ((600, 600),)})

    def test_SLA_weekday_must_exist(self) -> None:
        with pytest.raises(ValueError, match="weekdays"):
            Calendar("UTC", {7: ()})

    @pytest.mark.parametrize("zone", ["Europe/Atlantis", "", "../../etc/passwd", "Europe"])
    def test_SLA_zone_must_exist(self, zone: str) -> None:
        with pytest.raises(ValueError, match=r"zone|ZoneInfo"):
            Calendar(zone, OFFICE)

    def test_SLA_later_changes_of_the_mapping_do_not_reach_the_calendar(self) -> None:
        hours = dict(OFFICE)
        calendar = Calendar("UTC", hours)
        hours.clear()
        assert calendar == Calendar("UTC", OFFICE)
