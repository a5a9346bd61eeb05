"""Root fields of exports."""

import strawberry

from resolvers import exports as resolvers
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


@strawberry.type
class ExportMutations:
    """What can be done."""

    ticket_export_create: TicketExportCreatePayload = strawberry.field(
        resolver=resolvers.ticket_export_create,
        description="Have up to 50,000 tickets made a file: the answer is an export, whose file is made soon, of what "
        "you may see at that instant, and is there for 7 days.",
    )
