"""Regions of support and when somebody works there, as clients see them (E17, spec 7)."""

from datetime import date, datetime
from typing import Any

import strawberry

from domain.support import queries
from domain.support.calendars import opens_at_of
from domain.support.opening_hours import clock_time
from resolvers.enums.support import Weekday
from schema.fields import computed, many, plain

WEEKDAYS: tuple[Weekday, ...] = tuple(Weekday)


def _weekday(root: Any) -> Weekday:
    day: int = root["weekday"]
    return WEEKDAYS[day]


def _opens_at(root: Any) -> str:
    return clock_time(root["start_minute"])


def _closes_at(root: Any) -> str:
    return clock_time(root["end_minute"])


@strawberry.type(description="An interval of working time on a weekday; a day may have several.")
class BusinessHours:
    """Rows of `domain.support.model.CalendarInterval`."""

    weekday: Weekday = computed(_weekday, needs=("weekday",), description="The day, where the region is.")
    opens_at: str = computed(_opens_at, needs=("start_minute",), description="From when on, such as 08:00.")
    closes_at: str = computed(
        _closes_at, needs=("end_minute",), description="Until when, which is outside; 24:00 is the end of the day."
    )


@strawberry.type(description="An interval of working time on one day.")
class OpeningHours:
    """Made by `Holiday`."""

    opens_at: str = plain("From when on, such as 08:00.")
    closes_at: str = plain("Until when, which is outside; 24:00 is the end of the day.")


def _hours(root: Any) -> list[OpeningHours]:
    times = ({"opens_at": clock_time(start), "closes_at": clock_time(end)} for start, end in root["intervals"])
    return list(times)  # type: ignore[arg-type]  # rows are dictionaries


@strawberry.type(description="A day with other working time than its weekday's.")
class Holiday:
    """Rows of `domain.support.model.CalendarException`."""

    on_date: date = plain("The day, where the region is.")
    name: str = plain("What it is called.")
    hours: list[OpeningHours] = computed(
        _hours, needs=("intervals",), description="When it is open all the same; empty where it is closed."
    )


def _next_opening(root: Any) -> datetime | None:
    return opens_at_of(root)


@strawberry.type(description="A part of the world whose tickets are looked after in its own working time (E17).")
class SupportRegion:
    """Rows of `domain.support.model.SupportRegion`."""

    key: str = plain("Its short name, by which it is known for good.")
    name: str = plain("What it is called.")
    timezone: str = plain("The IANA time zone of its working time, such as Europe/Berlin.")
    countries: list[str] = plain("The countries that it looks after, as ISO 3166 codes; all others go to the default.")
    is_default: bool = plain("Whether it looks after the countries of no region.")
    business_hours: list[BusinessHours] = many(
        queries.intervals_of_regions, key="id", description="Its working time, from Monday on."
    )
    holidays: list[Holiday] = many(
        queries.exceptions_of_regions, key="id", description="Its holidays from this year on, and other such days."
    )
    opens_at: datetime | None = computed(
        _next_opening,
        needs=("calendar", "now"),
        description="From when on somebody works there: now, where somebody does; null where nobody ever does.",
    )
