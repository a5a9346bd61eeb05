"""Changing when a region works, and what is promised: for operators (spec 5.1, 7).

What tickets were promised stays as it is until `bailiwick sla recompute` promises anew.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import delete, func, not_

from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.errors import ErrorCode, Problems, refuse
from domain.records.commands import audit
from domain.support.calendars import calendar_of, calendar_text
from domain.support.clock import MAX_TARGET_MINUTES, SlaClock
from domain.support.model import CalendarException, CalendarInterval, SlaPolicy, SlaTarget, SupportRegion
from domain.support.opening_hours import Interval, clock_time, minute_of
from domain.support.text import check_text
from domain.support.working_time import CalendarNeverOpenError, check_opens

MOST_INTERVALS: Final = 50
MOST_HOLIDAYS: Final = 1000
LONGEST_NAME: Final = 100
SEVERITIES: Final = range(1, 6)
YEARS: Final = range(2000, 2200)


class Times(NamedTuple):
    """From when until when, as `08:00`; on a weekday (0 = Monday) where it comes every week."""

    opens_at: str
    closes_at: str
    weekday: int = 0


class Target(NamedTuple):
    """What is promised for a severity."""

    severity: int
    response_minutes: int
    resolution_minutes: int
    clock: SlaClock


@requires(Permission.SERVICE_LEVEL_MANAGE)
async def set_hours(grant: Grant, key: str, hours: Sequence[Times]) -> UUID:
    """The working time of a region's weeks, all of it; never none, since nothing would ever be due."""
    region, problems = await _region(grant, key), Problems()
    if not hours:
        problems.add(ErrorCode.REQUIRED, "A region works at some time of the week.", "businessHours")
    intervals = _intervals(hours, problems, "businessHours")
    problems.refuse_if_any()
    row = CalendarInterval
    before = await grant.all(grant.select(row).where(row.region_id == region.id))
    said = sorted(_spoken(each.weekday, (each.start_minute, each.end_minute)) for each in before)
    await grant.run(delete(row).where(row.region_id == region.id).execution_options(synchronize_session=False))
    for weekday, (start, end) in intervals:
        grant.add(row(region_id=region.id, weekday=weekday, start_minute=start, end_minute=end))
    await _refuse_never_open(grant, region, "businessHours")
    after = sorted(_spoken(*each) for each in intervals)
    _audit(grant, "hours_set", region, before={"hours": said}, after={"hours": after})
    return region.id


@requires(Permission.SERVICE_LEVEL_MANAGE)
async def set_holiday(grant: Grant, key: str, day: date, name: str, hours: Sequence[Times]) -> UUID:
    """A day on which a region does not work as on its weekday: closed, unless there are hours."""
    region, problems = await _region(grant, key), Problems()
    if day.year not in YEARS:
        problems.add(ErrorCode.OUT_OF_RANGE, f"The day is of a year from {YEARS[0]} to {YEARS[-1]}.", "onDate")
    called = check_text(name, problems, "name", most=LONGEST_NAME, required=True)
    intervals = [list(interval) for _, interval in _intervals(hours, problems, "hours")]
    found = await _exception(grant, region, day)
    if found is None or found.removed:
        await _check_room(grant, region, problems)
    problems.refuse_if_any()
    before = _noted(found) if found and not found.removed else None
    if found is None:
        found = grant.add(CalendarException(region_id=region.id, on_date=day))
    found.name, found.intervals, found.removed = called, intervals, False
    await _refuse_never_open(grant, region, "onDate")
    _audit(grant, "holiday_set", region, before=before, after=_noted(found))
    return region.id


@requires(Permission.SERVICE_LEVEL_MANAGE)
async def remove_holiday(grant: Grant, key: str, day: date) -> UUID:
    """Have a day worked as its weekday; it is remembered, so that no later migration publishes it again."""
    region = await _region(grant, key)
    found = await _exception(grant, region, day)
    if found is None or found.removed:
        refuse(ErrorCode.NOT_FOUND, "This region has no holiday on that day.", "onDate")
    before = _noted(found)
    found.removed = True
    await _refuse_never_open(grant, region, "onDate")
    _audit(grant, "holiday_remove", region, before=before)
    return region.id


@requires(Permission.SERVICE_LEVEL_MANAGE)
async def set_target(grant: Grant, key: str, given: Target) -> UUID:
    """What a policy promises for a severity from now on."""
    chosen = grant.select(SlaPolicy).where(SlaPolicy.key == key).with_for_update(of=SlaPolicy)
    policy: SlaPolicy | None = await grant.first(chosen)
    if policy is None:
        refuse(ErrorCode.NOT_FOUND, "There is no policy of this key.", "policyKey")
    _check_target(given)
    row = SlaTarget
    same = grant.select(row).where(row.policy_id == policy.id, row.severity == given.severity).with_for_update(of=row)
    found: SlaTarget | None = await grant.first(same)
    before = None if found is None else {name: getattr(found, name) for name in given._fields}
    if found is None:
        grant.add(row(policy_id=policy.id, **given._asdict()))
    else:
        found.response_minutes, found.resolution_minutes = given.response_minutes, given.resolution_minutes
        found.clock = given.clock
    if before != given._asdict():
        audit(grant, "sla_policy.target_set", "sla_policy", policy.id, before=before, after=given._asdict())
    return policy.id


async def _region(grant: Grant, key: str) -> SupportRegion:
    """The region, locked, so that its calendar changes one edit at a time."""
    chosen = grant.select(SupportRegion).where(SupportRegion.key == key).with_for_update(of=SupportRegion)
    region: SupportRegion | None = await grant.first(chosen)
    if region is None:
        refuse(ErrorCode.NOT_FOUND, "There is no region of this key.", "key")
    return region


async def _exception(grant: Grant, region: SupportRegion, day: date) -> CalendarException | None:
    row = CalendarException
    found: CalendarException | None = await grant.first(
        grant.select(row).where(row.region_id == region.id, row.on_date == day)
    )
    return found


async def _refuse_never_open(grant: Grant, region: SupportRegion, field: str) -> None:
    """Where nothing would ever be due no ticket could be raised (spec 7)."""
    await grant.flush()
    text = await grant.first(grant.select(SupportRegion, calendar_text()).where(SupportRegion.id == region.id))
    try:
        check_opens(calendar_of(text), grant.now)
    except CalendarNeverOpenError:
        message = "The region would not work for a year: nothing would be due there."
        refuse(ErrorCode.OUT_OF_RANGE, message, field)


async def _check_room(grant: Grant, region: SupportRegion, problems: Problems) -> None:
    row = CalendarException
    kept = grant.select(row, func.count()).where(row.region_id == region.id, not_(row.removed))
    if (there := await grant.first(kept)) >= MOST_HOLIDAYS:
        message = f"A region has at most {MOST_HOLIDAYS} holidays."
        problems.add(ErrorCode.LIMIT_EXCEEDED, message, limit=MOST_HOLIDAYS, actual=there + 1)


def _intervals(hours: Sequence[Times], problems: Problems, name: str) -> list[tuple[int, Interval]]:
    """Weekdays and minutes; what is wrong is noted at the interval."""
    if problems.too_many(hours, MOST_INTERVALS, "intervals", name):
        return []
    found = []
    for place, times in enumerate(hours):
        start, end = minute_of(times.opens_at), minute_of(times.closes_at)
        for minute, field in ((start, "opensAt"), (end, "closesAt")):
            if minute is None:
                message = "Enter a time between 00:00 and 24:00, such as 08:30."
                problems.add(ErrorCode.OUT_OF_RANGE, message, name, str(place), field)
        if start is not None and end is not None and start >= end:
            problems.add(ErrorCode.OUT_OF_RANGE, "It closes after it opens.", name, str(place), "closesAt")
        found.append((times.weekday, (start or 0, end or 0)))
    return found


def _check_target(given: Target) -> None:
    problems = Problems()
    if given.severity not in SEVERITIES:
        problems.add(ErrorCode.OUT_OF_RANGE, "The severity is 1 (trivial) to 5 (critical).", "severity")
    if not 1 <= given.response_minutes <= MAX_TARGET_MINUTES:
        message = f"An answer is promised within 1 to {MAX_TARGET_MINUTES} minutes."
        problems.add(ErrorCode.OUT_OF_RANGE, message, "responseMinutes")
    if not given.response_minutes <= given.resolution_minutes <= MAX_TARGET_MINUTES:
        message = f"The solution takes as long as the answer, or longer, up to {MAX_TARGET_MINUTES} minutes."
        problems.add(ErrorCode.OUT_OF_RANGE, message, "resolutionMinutes")
    problems.refuse_if_any()


def _spoken(weekday: int, interval: Interval) -> str:
    """An interval as the log has it: `0 08:00-12:00`."""
    return f"{weekday} {clock_time(interval[0])}-{clock_time(interval[1])}"


def _noted(holiday: CalendarException) -> dict[str, Any]:
    return {"on_date": holiday.on_date.isoformat(), "name": holiday.name, "intervals": holiday.intervals}


def _audit(grant: Grant, verb: str, region: SupportRegion, **change: Any) -> None:
    audit(grant, f"support_region.{verb}", "support_region", region.id, **change)
