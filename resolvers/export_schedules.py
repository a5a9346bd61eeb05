"""Exports of tickets that come round by themselves (spec 3, 16)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any, Final

import strawberry
from strawberry import UNSET

from authz.gate import Gate
from domain.errors import Problems
from domain.exports import queries, scheduling
from domain.exports.scheduling import ScheduleChanges, Times
from domain.exports.wanted import Wanted
from execution.ask import page
from execution.paging import page_request
from resolvers.arguments import INPUT, After, Before, First, Id, Last, Version
from resolvers.context import Info
from resolvers.enums.exports import ExportFormat, ExportFrequency
from resolvers.enums.support import Weekday
from resolvers.enums.tickets import TicketOrder, TicketScope
from resolvers.exports import FILE_NAME, TicketExportCreateInput
from resolvers.inputs import key_of
from resolvers.mutations import Changed, MutationInput, mutate
from resolvers.nodes import found
from resolvers.tickets import SEARCH, TicketFilter, criteria_of

DAYS: Final = tuple(Weekday)
FREQUENCY: Final = "How often it comes round."
LOCAL_TIME: Final = (
    "When, on the clocks of its time zone, such as `06:30`. Where they skip that time it is as they change; where they "
    "show it twice it is the first."
)
TIME_ZONE: Final = "An IANA time zone, such as `Europe/Berlin`."
WEEKDAY: Final = "On which day, if it is WEEKLY, and only then."
DAY_OF_MONTH: Final = "On which day, 1-31, if it is MONTHLY, and only then. A shorter month has it on its last day."


@strawberry.input(
    description="Input of `ticketExportScheduleCreate`: the tickets and the file, as `ticketExportCreate` takes them, "
    "and when."
)
class TicketExportScheduleCreateInput(TicketExportCreateInput):
    """Spec 3, 16."""

    frequency: ExportFrequency = strawberry.field(description=FREQUENCY)
    local_time: str = strawberry.field(description=LOCAL_TIME)
    time_zone: str = strawberry.field(description=TIME_ZONE)
    weekday: Weekday | None = strawberry.field(default=None, description=WEEKDAY)
    day_of_month: int | None = strawberry.field(default=None, description=DAY_OF_MONTH)

    def changes(self, problems: Problems) -> ScheduleChanges:
        """As the domain has it; what is wrong with the tickets is noted."""
        wanted = self.wanted(problems)
        times: Times = {
            "frequency": self.frequency,
            "local_time": self.local_time,
            "time_zone": self.time_zone,
            "weekday": _number(self.weekday),
            "day_of_month": self.day_of_month,
        }
        return {"format": self.format, "file_name": self.file_name, "times": times, "wanted": lambda _: wanted}


@strawberry.input(
    description="Input of `ticketExportScheduleUpdate`: what is not given stays as it is, and so does what is "
    "null, but where null has a meaning."
)
class TicketExportScheduleUpdateInput(MutationInput):
    """Spec 3, 16."""

    format: ExportFormat | None = strawberry.field(default=None, description="What kind of file it becomes.")
    scope: TicketScope | None = strawberry.field(default=None, description='Which section of "My tickets".')
    filter: TicketFilter | None = strawberry.field(
        default=UNSET, description="Only these tickets, instead of those of the filter before; null: all."
    )
    search: str | None = strawberry.field(default=None, description=f"{SEARCH} Empty text: all.")
    order_by: TicketOrder | None = strawberry.field(default=None, description="In which order.")
    file_name: str | None = strawberry.field(default=UNSET, description=f"{FILE_NAME} Null: that again.")
    frequency: ExportFrequency | None = strawberry.field(default=None, description=FREQUENCY)
    local_time: str | None = strawberry.field(default=None, description=LOCAL_TIME)
    time_zone: str | None = strawberry.field(default=None, description=TIME_ZONE)
    weekday: Weekday | None = strawberry.field(default=None, description=WEEKDAY)
    day_of_month: int | None = strawberry.field(default=None, description=DAY_OF_MONTH)

    def changes(self, problems: Problems) -> ScheduleChanges:
        """What is given, as the domain has it."""
        changes: ScheduleChanges = {"times": self._times(), "wanted": self._wanted(problems)}
        if self.format is not None:
            changes["format"] = self.format
        if self.file_name is not UNSET:
            changes["file_name"] = self.file_name
        return changes

    def _times(self) -> Times:
        given = {
            "frequency": self.frequency,
            "local_time": self.local_time,
            "time_zone": self.time_zone,
            "weekday": _number(self.weekday),
            "day_of_month": self.day_of_month,
        }
        return {name: value for name, value in given.items() if value is not None}  # type: ignore[return-value]  # names of `Times`

    def _wanted(self, problems: Problems) -> Callable[[Wanted], Wanted]:
        criteria = None if self.filter is UNSET else criteria_of(self.filter or TicketFilter(), problems)

        def changed(before: Wanted) -> Wanted:
            kept = before.criteria if criteria is None else replace(criteria, search=before.criteria.search)
            search = kept.search if self.search is None else self.search
            found = replace(kept, search=search)
            return Wanted(self.scope or before.scope, found, self.order_by or before.order)

        return changed


@strawberry.input(description="Input of `ticketExportScheduleDelete`.")
class TicketExportScheduleDeleteInput(MutationInput):
    """Nothing but what every mutation takes."""


async def ticket_export_schedule_create(info: Info, input: Annotated[TicketExportScheduleCreateInput, INPUT]) -> Any:
    """Have a list of tickets made a file again and again."""

    async def command(gate: Gate) -> Changed:
        problems = Problems()
        return {"export_schedule_id": await scheduling.create(gate, input.changes(problems), problems)}

    return await mutate(info, input, command)


async def ticket_export_schedule_update(
    info: Info,
    export_schedule_id: Id,
    input: Annotated[TicketExportScheduleUpdateInput, INPUT],
    expected_version: Version = None,
) -> Any:
    """Change a schedule, or start it anew."""

    async def command(gate: Gate) -> Changed:
        key, problems = key_of("exportschedule", export_schedule_id, "exportScheduleId"), Problems()
        await scheduling.update(gate, key, input.changes(problems), expected_version, problems)
        return {"export_schedule_id": key}

    return await mutate(info, input, command, export_schedule_id=export_schedule_id, expected_version=expected_version)


async def ticket_export_schedule_delete(
    info: Info,
    export_schedule_id: Id,
    input: Annotated[TicketExportScheduleDeleteInput, INPUT],
    expected_version: Version = None,
) -> Any:
    """Forget a schedule."""

    async def command(gate: Gate) -> Changed:
        key = key_of("exportschedule", export_schedule_id, "exportScheduleId")
        await scheduling.delete(gate, key, expected_version)
        return {"deleted_id": key}

    return await mutate(info, input, command, export_schedule_id=export_schedule_id, expected_version=expected_version)


async def export_schedule(info: Info, id: Id) -> Any:
    """One schedule by its id."""
    return await found(info.context, "exportschedule", id)


async def export_schedules(
    info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
) -> Any:
    """Schedules in pages."""
    return await info.context.answer(page(queries.schedules, {}, page_request(first, after, last, before)))


def _number(day: Weekday | None) -> int | None:
    return None if day is None else DAYS.index(day)
