"""Making, changing and deleting schedules of exports (spec 3, 16)."""

from collections.abc import Callable
from typing import Any, Final, TypedDict
from uuid import UUID

from authz.errors import ForbiddenError
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.base import new_id
from domain.errors import ErrorCode, Problems, refuse
from domain.exports.commands import check_wanted, number_of
from domain.exports.model import ExportFormat, ExportKind
from domain.exports.recurrence import ExportFrequency, Recurrence
from domain.exports.schedule import ExportSchedule
from domain.exports.wanted import Wanted
from domain.records.commands import audit
from domain.records.turns import take_turn
from domain.support.file_names import checked_name
from domain.support.opening_hours import DAY_MINUTES, clock_time, minute_of
from domain.support.zones import zones
from domain.tenants.asking import asked_by

MOST_OWN: Final = 10
"""Schedules of one principal."""
MOST_OF_TENANT: Final = 50
AUDITED: Final = "export_schedule"


class Times(TypedDict, total=False):
    """When it is to come round, as people say it; what is not given stays."""

    frequency: ExportFrequency
    local_time: str
    time_zone: str
    weekday: int | None
    day_of_month: int | None


class ScheduleChanges(TypedDict, total=False):
    """What is to change; what is not given stays. `wanted` makes of the tickets those that are wanted from now on."""

    format: ExportFormat
    file_name: str | None
    times: Times
    wanted: Callable[[Wanted], Wanted]


@requires(Permission.EXPORT_SCHEDULE)
async def create(grant: Grant, given: ScheduleChanges, problems: Problems) -> UUID:
    """A new schedule of the actor's, from now on; `problems` are those of the form so far."""
    row = ExportSchedule(id=new_id(), **asked_by(grant.actor), kind=ExportKind.TICKETS, created_at=grant.now)
    values = _checked(grant, Wanted(), given, problems)
    recurrence = _recurrence({}, given["times"], problems)
    await _check_number(grant, problems)
    problems.refuse_if_any()
    _set(row, values)
    row.come_round(recurrence, grant.now)
    grant.add(row)
    audit(grant, "export_schedule.create", AUDITED, row.id, after=_noted(row))
    return row.id


@requires(Permission.EXPORT_SCHEDULE)
async def update(
    grant: Grant, schedule_id: UUID, given: ScheduleChanges, expected_version: int | None, problems: Problems
) -> UUID:
    """Save a form: all of it, or, with every error at once, nothing. What has stopped begins anew.

    For its owner alone: its files are made as that may see, and an administrator could ask by their number of rows.
    """
    row = await _schedule_for(grant, schedule_id, expected_version)
    if row.user_id != grant.actor.user_id:
        raise ForbiddenError("Only its owner may change a schedule: delete it, or make one of your own.")
    values = _checked(grant, Wanted.read(row.wanted), given, problems)
    recurrence = _recurrence(_said(row.recurrence), given.get("times", {}), problems)
    problems.refuse_if_any()
    before, stopped = _noted(row), row.stopped_at is not None
    _set(row, values)
    if stopped or recurrence != row.recurrence:
        row.come_round(recurrence, grant.now)
    after = _noted(row)
    if stopped or after != before:
        _set(row, asked_by(grant.actor))
        audit(grant, "export_schedule.update", AUDITED, row.id, before=before, after=after)
    return row.id


@requires(Permission.EXPORT_SCHEDULE)
async def delete(grant: Grant, schedule_id: UUID, expected_version: int | None) -> None:
    """Forget a schedule; what it has exported stays."""
    row = await _schedule_for(grant, schedule_id, expected_version)
    audit(grant, "export_schedule.delete", AUDITED, row.id, before=_noted(row))
    await grant.delete(row)


async def _schedule_for(grant: Grant, schedule_id: UUID, expected_version: int | None) -> ExportSchedule:
    row = await grant.get(ExportSchedule, schedule_id, lock=True)
    if expected_version is not None and row.version != expected_version:
        message = "Somebody else changed this schedule in the meantime: read it again."
        refuse(ErrorCode.CONFLICT, message, "expectedVersion", current_version=row.version)
    return row


def _checked(grant: Grant, before: Wanted, given: ScheduleChanges, problems: Problems) -> dict[str, Any]:
    """The columns that are to change, but for times."""
    wanted = given["wanted"](before) if "wanted" in given else before
    check_wanted(grant, wanted, problems)
    values: dict[str, Any] = {"wanted": wanted.stored()}
    if "format" in given:
        values["format"] = given["format"]
    if "file_name" in given:
        name = given["file_name"]
        values["file_name"] = None if name is None else checked_name(name, problems, "fileName")
    return values


def _recurrence(before: Times, given: Times, problems: Problems) -> Recurrence:
    """The times as they are to be; a day that the frequency has no use for is refused, unless it is an old one."""
    said: Times = {**before, **given}
    frequency, minute = said["frequency"], minute_of(said["local_time"])
    if minute is None or minute == DAY_MINUTES:
        problems.add(ErrorCode.OUT_OF_RANGE, "Enter a time between 00:00 and 23:59, such as 06:30.", "localTime")
        minute = 0
    if said["time_zone"] not in zones():
        problems.add(ErrorCode.OUT_OF_RANGE, "This is no IANA time zone.", "timeZone")
    weekly, monthly = frequency is ExportFrequency.WEEKLY, frequency is ExportFrequency.MONTHLY
    _check_day("weekday", weekly, said.get("weekday"), given.get("weekday"), problems)
    _check_day("dayOfMonth", monthly, said.get("day_of_month"), given.get("day_of_month"), problems)
    day = said.get("day_of_month") if monthly else None
    if day is not None and not 1 <= day <= 31:
        problems.add(ErrorCode.OUT_OF_RANGE, "The day is one from 1 to 31.", "dayOfMonth")
    return Recurrence(frequency, minute, said["time_zone"], said.get("weekday") if weekly else None, day)


def _check_day(name: str, needed: bool, there: int | None, given: int | None, problems: Problems) -> None:
    if needed and there is None:
        problems.add(ErrorCode.REQUIRED, "Say on which day.", name)
    if not needed and given is not None:
        problems.add(ErrorCode.OUT_OF_RANGE, "This frequency has no such day: leave it out.", name)


def _said(recurrence: Recurrence) -> Times:
    """As people say it."""
    return {
        "frequency": recurrence.frequency,
        "local_time": clock_time(recurrence.minute),
        "time_zone": recurrence.time_zone,
        "weekday": recurrence.weekday,
        "day_of_month": recurrence.day_of_month,
    }


def _set(row: ExportSchedule, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


async def _check_number(grant: Grant, problems: Problems) -> None:
    """None is refused for its number alone: a form gets all its errors at once."""
    row = ExportSchedule
    await take_turn(grant, AUDITED, grant.actor.tenant_id)
    for limit, *whose in ((MOST_OWN, row.user_id == grant.actor.user_id), (MOST_OF_TENANT,)):
        there = await number_of(grant, row, *whose)
        if there >= limit:
            who = "You have" if whose else "Your organisation has"
            message = f"{who} {there} schedules; at most {limit} are allowed."
            problems.add(ErrorCode.LIMIT_EXCEEDED, message, limit=limit, actual=there + 1)


def _noted(row: ExportSchedule) -> dict[str, Any]:
    """As the log has it."""
    plain = {"format": row.format.value, "wanted": row.wanted, "file_name": row.file_name}
    return plain | {name: value for name, value in _said(row.recurrence).items() if value is not None}
