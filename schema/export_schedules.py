"""Schedules of exports as clients see them."""

from datetime import datetime
from typing import Any

import strawberry

from domain.exports import queries
from domain.exports.wanted import Wanted
from domain.support.opening_hours import clock_time
from execution.ids import encode
from resolvers.enums.errors import ErrorCode
from resolvers.enums.exports import ExportFormat, ExportFrequency, ExportKind
from resolvers.enums.support import Weekday
from resolvers.enums.tickets import TicketOrder, TicketScope
from schema.errors import MutationPayload
from schema.exports import ExportJob
from schema.fields import computed, global_id, one, plain
from schema.relay import Node

SCHEDULE = "The schedule as it is now; null where nothing happened."


@strawberry.type(description="Why a schedule of exports has stopped.")
class ExportScheduleStop:
    """Made of `domain.exports.schedule.ExportSchedule`."""

    code: ErrorCode = plain(
        "Why, for programs: `FORBIDDEN` where its owner may not export any more, `ACCESS_DISABLED` where the customers "
        "that it is about have ended its owner's access."
    )
    message: str = plain("Why, in a sentence.")
    stopped_at: datetime = plain("When.")


def _owner_name(root: Any) -> str:
    return str(root["actor_name"])


def _local_time(root: Any) -> str:
    return clock_time(root["minute"])


def _weekday(root: Any) -> Weekday | None:
    return None if root["weekday"] is None else tuple(Weekday)[root["weekday"]]


def _scope(root: Any) -> TicketScope:
    return Wanted.read(root["wanted"]).scope


def _search(root: Any) -> str:
    return Wanted.read(root["wanted"]).criteria.search


def _order_by(root: Any) -> TicketOrder:
    return Wanted.read(root["wanted"]).order


def _stop(root: Any) -> ExportScheduleStop | None:
    if root["stop_code"] is None:
        return None
    return {  # type: ignore[return-value]  # rows are dictionaries
        "code": ErrorCode(root["stop_code"]),
        "message": root["stop_message"],
        "stopped_at": root["stopped_at"],
    }


def _deleted(root: Any) -> Any:
    return encode("exportschedule", root["deleted_id"]) if root["deleted_id"] else None


@strawberry.type(
    description="A file that comes round by itself: at each of its times an export of its owner's is made, as that may "
    "see the tickets then. Times that passed while no worker ran are made up for by one export."
)
class ExportSchedule(Node):
    """Rows of `domain.exports.schedule.ExportSchedule`."""

    id: strawberry.ID = global_id("exportschedule")
    kind: ExportKind = plain("What is exported.")
    format: ExportFormat = plain("What kind of file it becomes.")
    scope: TicketScope = computed(_scope, needs=("wanted",), description='Which section of "My tickets".')
    search: str = computed(_search, needs=("wanted",), description="Words that are in all of the tickets; empty: any.")
    order_by: TicketOrder = computed(_order_by, needs=("wanted",), description="In which order.")
    file_name: str | None = plain("What its files are called; null where each has the name of its day.")
    frequency: ExportFrequency = plain("How often it comes round.")
    local_time: str = computed(_local_time, needs=("minute",), description="When, on the clocks of its time zone.")
    time_zone: str = plain("Its IANA time zone.")
    weekday: Weekday | None = computed(_weekday, needs=("weekday",), description="On which day, if it is WEEKLY.")
    day_of_month: int | None = plain("On which day, if it is MONTHLY.")
    owner_name: str = computed(
        _owner_name, needs=("actor_name",), description="The name of the person or the machine as whom it exports."
    )
    next_run_at: datetime | None = plain("When it comes round next; null where it has stopped.")
    last_job: ExportJob | None = one(
        queries.by_ids, key="last_job_id", description="Its latest export; null before the first."
    )
    stop: ExportScheduleStop | None = computed(
        _stop,
        needs=("stop_code", "stop_message", "stopped_at"),
        description="Why it has stopped; null where it goes on.",
    )
    created_at: datetime = plain("When it was made.")
    version: int = plain("Counts changes: give it as `expectedVersion`.")


@strawberry.type(description="What `ticketExportScheduleCreate` answers with.")
class TicketExportScheduleCreatePayload(MutationPayload):
    """Spec 3, 16."""

    export_schedule: ExportSchedule | None = one(
        queries.schedules_by_ids, key="export_schedule_id", description=SCHEDULE
    )


@strawberry.type(description="What `ticketExportScheduleUpdate` answers with.")
class TicketExportScheduleUpdatePayload(MutationPayload):
    """Spec 3, 16."""

    export_schedule: ExportSchedule | None = one(
        queries.schedules_by_ids, key="export_schedule_id", description=SCHEDULE
    )


@strawberry.type(description="What `ticketExportScheduleDelete` answers with.")
class TicketExportScheduleDeletePayload(MutationPayload):
    """Spec 3, 16."""

    deleted_id: strawberry.ID | None = computed(
        _deleted, needs=("deleted_id",), description="The id of what is gone; null where nothing happened."
    )
