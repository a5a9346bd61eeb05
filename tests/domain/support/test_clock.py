"""Working time and response targets (spec section 7)."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.support.clock import (
    RESPONSE_TARGETS,
    SlaClock,
    SlaState,
    SlaTarget,
    at_risk_at,
    due_at,
    remaining_minutes,
    state,
)
from domain.support.working_time import (
    Calendar,
    CalendarNeverOpenError,
    add_business,
    business_minutes,
    subtract_business,
)

OFFICE = dict.fromkeys(range(5), ((540, 1020),))  # Monday to Friday, 9:00 to 17:00
ALWAYS = dict.fromkeys(range(7), ((0, 1440),))
BERLIN = Calendar("Europe/Berlin", OFFICE)
ROUND_THE_CLOCK = Calendar("Europe/Berlin", ALWAYS)
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Asia/Kathmandu"]


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Berlin"))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def daily(*intervals: tuple[int, int]) -> Calendar:
    return Calendar("Europe/Berlin", dict.fromkeys(range(7), intervals))


def hm(hours: int, minutes: int = 0) -> int:
    return hours * 60 + minutes


class TestAddBusiness:
    def test_SLA_within_one_day(self) -> None:
        assert add_business(berlin("2026-03-04T10:00"), 240, BERLIN) == berlin("2026-03-04T14:00")

    def test_SLA_result_is_in_utc(self) -> None:
        assert add_business(berlin("2026-03-04T10:00"), 240, BERLIN).isoformat() == "2026-03-04T13:00:00+00:00"

    def test_SLA_exactly_at_closing_is_due_at_closing(self) -> None:
        assert add_business(berlin("2026-03-04T16:00"), 60, BERLIN) == berlin("2026-03-04T17:00")

    def test_SLA_one_minute_past_closing_is_due_after_the_next_opening(self) -> None:
        assert add_business(berlin("2026-03-04T16:00"), 61, BERLIN) == berlin("2026-03-05T09:01")

    def test_SLA_started_at_closing_counts_from_the_next_opening(self) -> None:
        assert add_business(berlin("2026-03-04T17:00"), 1, BERLIN) == berlin("2026-03-05T09:01")

    def test_SLA_started_before_opening_counts_from_opening(self) -> None:
        assert add_business(berlin("2026-03-04T03:00"), 30, BERLIN) == berlin("2026-03-04T09:30")

    def test_SLA_weekend_is_skipped(self) -> None:
        assert add_business(berlin("2026-03-06T16:30"), 60, BERLIN) == berlin("2026-03-09T09:30")

    def test_SLA_no_minutes_are_due_at_once_even_when_closed(self) -> None:
        assert add_business(berlin("2026-03-07T12:00"), 0, BERLIN) == berlin("2026-03-07T12:00")

    def test_SLA_several_intervals_a_day(self) -> None:
        calendar = daily((hm(13), hm(17)), (hm(9), hm(12)))
        assert add_business(berlin("2026-03-04T11:30"), 60, calendar) == berlin("2026-03-04T13:30")

    def test_SLA_overlapping_intervals_count_once(self) -> None:
        calendar = daily((hm(9), hm(12)), (hm(11), hm(13)), (hm(10), hm(11)))
        assert add_business(berlin("2026-03-04T09:00"), 240, calendar) == berlin("2026-03-04T13:00")

    def test_SLA_closed_exception_is_skipped(self) -> None:
        calendar = Calendar("Europe/Berlin", OFFICE, {date(2026, 12, 25): ()})
        assert add_business(berlin("2026-12-24T16:30"), 60, calendar) == berlin("2026-12-28T09:30")

    def test_SLA_exception_replaces_the_hours_of_its_date(self) -> None:
        calendar = Calendar("Europe/Berlin", OFFICE, {date(2026, 12, 24): ((hm(9), hm(12)),)})
        assert add_business(berlin("2026-12-24T11:30"), 60, calendar) == berlin("2026-12-25T09:30")

    def test_SLA_exception_opens_a_closed_weekday(self) -> None:
        calendar = Calendar("Europe/Berlin", OFFICE, {date(2026, 3, 7): ((hm(10), hm(12)),)})
        assert add_business(berlin("2026-03-06T16:30"), 60, calendar) == berlin("2026-03-07T10:30")

    def test_SLA_round_the_clock_has_no_gap_at_midnight(self) -> None:
        start = berlin("2026-03-04T23:59:30")
        assert add_business(start, 1, ROUND_THE_CLOCK) == start.astimezone(UTC) + timedelta(minutes=1)

    def test_SLA_round_the_clock_across_years_is_elapsed_time(self) -> None:
        start = berlin("2024-06-01T12:00")
        due = add_business(start, 3 * 366 * 1440, ROUND_THE_CLOCK)
        assert due == start.astimezone(UTC) + timedelta(days=3 * 366)

    def test_SLA_seconds_and_microseconds_are_kept(self) -> None:
        due = add_business(berlin("2026-03-04T16:59:59.999999"), 1, BERLIN)
        assert due == berlin("2026-03-05T09:00:59.999999")

    def test_SLA_works_before_and_at_1970(self) -> None:
        calendar = Calendar("UTC", {3: ((0, 60),)})  # Thursdays; 1 January 1970 was one
        assert add_business(utc("1969-12-26T12:00"), 30, calendar) == utc("1970-01-01T00:30")

    def test_SLA_start_must_be_an_instant(self) -> None:
        with pytest.raises(ValueError, match="without a zone"):
            add_business(datetime(2026, 3, 4), 1, BERLIN)  # noqa: DTZ001  # the mistake under test

    def test_SLA_minutes_must_not_be_negative(self) -> None:
        with pytest.raises(ValueError, match="negative"):
            add_business(berlin("2026-03-04T10:00"), -1, BERLIN)


class TestNeverOpen:
    def test_SLA_calendar_without_hours_is_an_error(self) -> None:
        with pytest.raises(CalendarNeverOpenError):
            add_business(berlin("2026-03-04T10:00"), 1, Calendar("Europe/Berlin", {}))

    def test_SLA_calendar_without_hours_counts_none(self) -> None:
        never = Calendar("Europe/Berlin", {})
        assert business_minutes(utc("2026-01-01"), utc("2036-01-01"), never) == 0

    def test_SLA_opening_after_exactly_366_days_is_found(self) -> None:
        calendar = Calendar("UTC", {}, {date(2027, 3, 5): ((0, 60),)})
        assert add_business(utc("2026-03-04T00:00"), 30, calendar) == utc("2027-03-05T00:30")

    def test_SLA_opening_later_than_366_days_is_an_error(self) -> None:
        calendar = Calendar("UTC", {}, {date(2027, 3, 5): ((1, 60),)})
        with pytest.raises(CalendarNeverOpenError, match="2026-03-04T00:00:00"):
            add_business(utc("2026-03-04T00:00"), 30, calendar)

    def test_SLA_hours_that_end_before_the_minutes_do_are_an_error(self) -> None:
        calendar = Calendar("UTC", {}, {date(2026, 3, 5): ((0, 60),)})
        with pytest.raises(CalendarNeverOpenError, match="2026-03-05T01:00:00"):
            add_business(utc("2026-03-04T00:00"), 61, calendar)


@st.composite
def calendars(draw: st.DrawFn) -> Calendar:
    bounds = st.lists(st.integers(0, 1440), min_size=2, max_size=6, unique=True).map(sorted)
    separate = bounds.map(lambda b: tuple(zip(b[::2], b[1::2], strict=False)))
    touching = bounds.map(lambda b: tuple(pairwise(b)))
    hours = st.one_of(separate, touching, st.just(()), st.just(((0, 1440),)))
    weekly = draw(st.dictionaries(st.integers(0, 6), hours, max_size=7))
    open_day = draw(st.integers(0, 6))
    dates = st.dates(date(2025, 12, 1), date(2027, 2, 1))
    exceptions = draw(st.dictionaries(dates, hours, max_size=4))
    return Calendar(draw(st.sampled_from(ZONES)), weekly | {open_day: ((540, 1020),)}, exceptions)


INSTANTS = st.datetimes(datetime(2025, 12, 20), datetime(2027, 1, 10), timezones=st.just(UTC))  # noqa: DTZ001  # bounds
MINUTES = st.one_of(st.integers(0, 5000), st.integers(0, 10**10).map(lambda n: Fraction(n, 60_000_000)))
EXACT = settings(derandomize=True, deadline=None, max_examples=100)


class TestInverse:
    @EXACT
    @given(calendars(), INSTANTS, MINUTES)
    def test_SLA_business_minutes_is_the_inverse_of_add_business(
        self, calendar: Calendar, start: datetime, minutes: int | Fraction
    ) -> None:
        assert business_minutes(start, add_business(start, minutes, calendar), calendar) == minutes

    @EXACT
    @given(calendars(), INSTANTS, INSTANTS)
    def test_SLA_add_business_finds_the_earliest_such_instant(
        self, calendar: Calendar, a: datetime, b: datetime
    ) -> None:
        a, b = sorted((a, b))
        minutes = business_minutes(a, b, calendar)
        due = add_business(a, minutes, calendar)
        assert a <= due <= b
        assert business_minutes(due, b, calendar) == 0
        if minutes:
            assert business_minutes(due - timedelta(microseconds=1), due, calendar) == Fraction(1, 60_000_000)

    @EXACT
    @given(calendars(), INSTANTS, INSTANTS, INSTANTS)
    def test_SLA_business_minutes_add_up(self, calendar: Calendar, a: datetime, b: datetime, c: datetime) -> None:
        parts = business_minutes(a, b, calendar) + business_minutes(b, c, calendar)
        assert parts == business_minutes(a, c, calendar)

    @settings(derandomize=True, deadline=None, max_examples=30)
    @given(calendars(), INSTANTS, st.integers(0, 2000))
    def test_SLA_business_minutes_agree_with_asking_every_minute(
        self, calendar: Calendar, start: datetime, length: int
    ) -> None:
        start = start.replace(second=0, microsecond=0)
        minutes = (start + timedelta(minutes=n) for n in range(length))
        counted = sum(is_open(calendar, minute) for minute in minutes)
        if not clocks_change(calendar, start, length):
            assert business_minutes(start, start + timedelta(minutes=length), calendar) == counted


def is_open(calendar: Calendar, at: datetime) -> bool:
    wall = at.astimezone(ZoneInfo(calendar.tz))
    minute = hm(wall.hour, wall.minute)
    return any(start <= minute < end for start, end in calendar.intervals(wall.date()))


def clocks_change(calendar: Calendar, start: datetime, length: int) -> bool:
    """Around a change a wall time is no longer one instant; those have their named cases."""
    zone = ZoneInfo(calendar.tz)
    days = range(-1, length // 1440 + 3)
    return len({(start + timedelta(days=n)).astimezone(zone).utcoffset() for n in days}) > 1


class TestSubtract:
    def test_SLA_within_one_day(self) -> None:
        assert subtract_business(berlin("2026-03-04T14:00"), 240, BERLIN) == berlin("2026-03-04T10:00")

    def test_SLA_over_a_weekend(self) -> None:
        assert subtract_business(berlin("2026-03-09T10:00"), 120, BERLIN) == berlin("2026-03-06T16:00")

    def test_SLA_nothing_left_begins_when_the_last_open_minute_is_over(self) -> None:
        assert subtract_business(berlin("2026-03-09T08:00"), 0, BERLIN) == berlin("2026-03-06T17:00")

    def test_SLA_over_the_turn_of_the_year(self) -> None:
        assert subtract_business(berlin("2027-01-01T10:00"), 120, BERLIN) == berlin("2026-12-31T16:00")

    def test_SLA_minutes_must_not_be_negative(self) -> None:
        with pytest.raises(ValueError, match="negative"):
            subtract_business(berlin("2026-03-04T10:00"), -1, BERLIN)

    def test_SLA_calendar_that_was_never_open_is_an_error(self) -> None:
        with pytest.raises(CalendarNeverOpenError, match="2025 and 2026"):
            subtract_business(berlin("2026-03-04T10:00"), 1, Calendar("Europe/Berlin", {}))

    @EXACT
    @given(calendars(), INSTANTS, st.integers(1, 5000))
    def test_SLA_finds_the_earliest_instant_with_no_more_left(
        self, calendar: Calendar, end: datetime, minutes: int
    ) -> None:
        begins = subtract_business(end, minutes, calendar)
        assert business_minutes(begins, end, calendar) == minutes
        assert business_minutes(begins - timedelta(microseconds=1), end, calendar) > minutes


class TestTargets:
    def test_SLA_default_response_targets_by_severity(self) -> None:
        assert dict(RESPONSE_TARGETS) == {
            5: SlaTarget(120, SlaClock.CALENDAR),
            4: SlaTarget(240, SlaClock.BUSINESS),
            3: SlaTarget(480, SlaClock.BUSINESS),
            2: SlaTarget(960, SlaClock.BUSINESS),
            1: SlaTarget(1440, SlaClock.BUSINESS),
        }

    @pytest.mark.parametrize("minutes", [0, -1, 366 * 1440 + 1])
    def test_SLA_target_is_bounded(self, minutes: int) -> None:
        with pytest.raises(ValueError, match="a target is"):
            SlaTarget(minutes, SlaClock.CALENDAR)

    def test_SLA_calendar_clock_runs_at_night(self) -> None:
        due = due_at(berlin("2026-03-06T23:30"), RESPONSE_TARGETS[5], BERLIN)
        assert due == berlin("2026-03-07T01:30")

    def test_SLA_calendar_clock_is_elapsed_time_across_the_change(self) -> None:
        due = due_at(berlin("2026-03-29T01:30"), RESPONSE_TARGETS[5], BERLIN)
        assert due == berlin("2026-03-29T04:30")

    def test_SLA_business_clock_runs_in_opening_hours(self) -> None:
        assert due_at(berlin("2026-03-06T16:00"), RESPONSE_TARGETS[4], BERLIN) == berlin("2026-03-09T12:00")

    def test_SLA_lowest_severity_has_three_working_days(self) -> None:
        assert due_at(berlin("2026-03-06T09:00"), RESPONSE_TARGETS[1], BERLIN) == berlin("2026-03-10T17:00")


class TestRemaining:
    DUE = berlin("2026-03-09T12:00")

    def test_SLA_business_minutes_remain(self) -> None:
        assert remaining_minutes(berlin("2026-03-06T16:30"), self.DUE, SlaClock.BUSINESS, BERLIN) == 210

    def test_SLA_calendar_minutes_remain(self) -> None:
        assert remaining_minutes(berlin("2026-03-09T10:30"), self.DUE, SlaClock.CALENDAR, BERLIN) == 90

    def test_SLA_part_of_a_minute_is_not_promised(self) -> None:
        assert remaining_minutes(berlin("2026-03-09T11:58:30"), self.DUE, SlaClock.CALENDAR, BERLIN) == 1

    def test_SLA_overdue_is_negative(self) -> None:
        assert remaining_minutes(berlin("2026-03-09T12:00:30"), self.DUE, SlaClock.BUSINESS, BERLIN) == -1
        assert remaining_minutes(berlin("2026-03-10T09:10"), self.DUE, SlaClock.BUSINESS, BERLIN) == -310


class TestState:
    """240 working minutes from Friday 16:00, due on Monday 12:00; three quarters are used up at 11:00."""

    TARGET = SlaTarget(240, SlaClock.BUSINESS)
    DUE = berlin("2026-03-09T12:00")

    def at(self, now: str, met_at: str | None = None, paused_at: str | None = None) -> SlaState:
        return state(
            berlin(now),
            self.DUE,
            self.TARGET,
            BERLIN,
            met_at=berlin(met_at) if met_at else None,
            paused_at=berlin(paused_at) if paused_at else None,
        )

    def test_SLA_on_track_over_the_weekend(self) -> None:
        assert self.at("2026-03-08T23:00") is SlaState.ON_TRACK

    def test_SLA_on_track_until_three_quarters(self) -> None:
        assert self.at("2026-03-09T10:59:59") is SlaState.ON_TRACK

    def test_SLA_at_risk_from_three_quarters(self) -> None:
        assert self.at("2026-03-09T11:00") is SlaState.AT_RISK

    def test_SLA_not_breached_at_the_due_instant(self) -> None:
        assert self.at("2026-03-09T12:00") is SlaState.AT_RISK

    def test_SLA_breached_after_the_due_instant(self) -> None:
        assert self.at("2026-03-09T12:00:01") is SlaState.BREACHED

    def test_SLA_met_exactly_at_due(self) -> None:
        assert self.at("2026-03-20T12:00", met_at="2026-03-09T12:00") is SlaState.MET

    def test_SLA_met_late_stays_breached(self) -> None:
        assert self.at("2026-03-20T12:00", met_at="2026-03-09T12:01") is SlaState.BREACHED

    def test_SLA_paused_in_time_does_not_breach(self) -> None:
        assert self.at("2026-03-20T12:00", paused_at="2026-03-09T11:30") is SlaState.PAUSED

    def test_SLA_paused_when_overdue_stays_breached(self) -> None:
        assert self.at("2026-03-20T12:00", paused_at="2026-03-09T12:30") is SlaState.BREACHED

    def test_SLA_the_warning_comes_when_three_quarters_are_used_up(self) -> None:
        assert at_risk_at(self.DUE, self.TARGET, BERLIN) == berlin("2026-03-09T11:00")

    @EXACT
    @given(calendars(), INSTANTS, st.integers(1, 5000), st.sampled_from(SlaClock))
    def test_SLA_the_warning_comes_the_instant_at_which_the_state_changes(
        self, calendar: Calendar, due: datetime, minutes: int, clock: SlaClock
    ) -> None:
        target = SlaTarget(minutes, clock)
        warned = at_risk_at(due, target, calendar)
        assert state(warned, due, target, calendar) is SlaState.AT_RISK
        assert state(warned - timedelta(microseconds=1), due, target, calendar) is SlaState.ON_TRACK

    def test_SLA_calendar_clock_is_at_risk_at_night(self) -> None:
        target, due = SlaTarget(120, SlaClock.CALENDAR), berlin("2026-03-07T01:30")
        assert state(berlin("2026-03-07T00:59"), due, target, BERLIN) is SlaState.ON_TRACK
        assert state(berlin("2026-03-07T01:00"), due, target, BERLIN) is SlaState.AT_RISK
