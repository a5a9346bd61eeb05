"""The working hours of regions: read as one text each, kept in the process by that very text."""

from contextlib import suppress
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import CTE, ColumnElement, Text, cast, func, not_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from domain.support.model import CalendarException, CalendarInterval, SupportRegion
from domain.support.opening_hours import Interval
from domain.support.working_time import Calendar, CalendarNeverOpenError, opening


def calendars() -> CTE:
    """`region_id` and `calendar`, as JSON text, of every region: worked out once in a statement.

    Published by the platform for everybody, so no grant stands before it.
    """
    found = select(SupportRegion.id.label("region_id"), calendar_text().label("calendar"))
    return found.cte("region_calendar").prefix_with("MATERIALIZED")


def calendar_text() -> ColumnElement[str]:
    """The calendar of a `SupportRegion`, as JSON text."""
    interval, exception = CalendarInterval, CalendarException
    opening = func.jsonb_build_array(interval.weekday, interval.start_minute, interval.end_minute)
    weekly = select(func.jsonb_agg(aggregate_order_by(opening, interval.weekday, interval.start_minute)))
    exceptions = select(func.jsonb_object_agg(exception.on_date, exception.intervals)).where(not_(exception.removed))
    whole = func.jsonb_build_object(
        "tz",
        SupportRegion.timezone,
        "weekly",
        weekly.where(interval.region_id == SupportRegion.id).scalar_subquery(),
        "exceptions",
        exceptions.where(exception.region_id == SupportRegion.id).scalar_subquery(),
    )
    return cast(whole, Text)


def opens_at_of(row: dict[str, Any]) -> datetime | None:
    """From when on the calendar of a row is open: its `now`, where it is; None where it never is."""
    with suppress(CalendarNeverOpenError):
        return opening(row["now"], calendar_of(row["calendar"]))
    return None


@lru_cache(maxsize=256)
def calendar_of(text: str) -> Calendar:
    """The calendar in a text of `calendars`; the same text gives the same object, which remembers its years."""
    content = orjson.loads(text)
    weekly: dict[int, tuple[Interval, ...]] = {}
    for weekday, start, end in content["weekly"] or ():
        weekly[weekday] = (*weekly.get(weekday, ()), (start, end))
    exceptions = {
        date.fromisoformat(day): tuple((start, end) for start, end in intervals)
        for day, intervals in (content["exceptions"] or {}).items()
    }
    return Calendar(content["tz"], weekly, exceptions)
