"""Root fields of exports."""

import strawberry

from resolvers import export_schedules as schedules
from resolvers import exports as resolvers
from schema.export_schedules import (
    ExportSchedule,
    TicketExportScheduleCreatePayload,
    TicketExportScheduleDeletePayload,
    TicketExportScheduleUpdatePayload,
)
from schema.exports import ExportJob, TicketExportCreatePayload
from schema.relay import Connection


@strawberry.type
class ExportQueries:
    """What can be asked."""

    export_job: ExportJob | None = strawberry.field(resolver=resolvers.export_job, description="One export by its id.")
    export_jobs: Connection[ExportJob] = strawberry.field(
        resolver=resolvers.export_jobs,
        description="Your exports, newest first; for administrators those of their whole organization.",
    )
    export_schedule: ExportSchedule | None = strawberry.field(
        resolver=schedules.export_schedule, description="One schedule of exports by its id."
    )
    export_schedules: Connection[ExportSchedule] = strawberry.field(
        resolver=schedules.export_schedules,
        description="Your schedules of exports, newest first; for administrators those of their whole organization.",
    )


@strawberry.type
class ExportMutations:
    """What can be done."""

    ticket_export_create: TicketExportCreatePayload = strawberry.field(
        resolver=resolvers.ticket_export_create,
        description="Have up to 50,000 tickets made a file: the answer is an export, whose file is made soon, of what "
        "you may see at that instant, and is there for 7 days.",
    )
    ticket_export_schedule_create: TicketExportScheduleCreatePayload = strawberry.field(
        resolver=schedules.ticket_export_schedule_create,
        description="Have tickets made a file each day, week or month, of what you may see then. You have up to 10 "
        "schedules, and your organization up to 50.",
    )
    ticket_export_schedule_update: TicketExportScheduleUpdatePayload = strawberry.field(
        resolver=schedules.ticket_export_schedule_update,
        description="Change a schedule of your own. One that has stopped starts anew, whatever is changed.",
    )
    ticket_export_schedule_delete: TicketExportScheduleDeletePayload = strawberry.field(
        resolver=schedules.ticket_export_schedule_delete,
        description="Forget a schedule: your own, or, for administrators, one of their organization. Its exports stay.",
    )
