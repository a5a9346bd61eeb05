"""Exporting tickets to a file (spec 3, 16)."""

from dataclasses import replace
from typing import Annotated, Any

import strawberry

from authz.gate import Gate
from domain.errors import Problems
from domain.exports import queries
from domain.exports.commands import request_export
from domain.exports.wanted import Wanted
from execution.ask import page
from execution.paging import page_request
from resolvers.arguments import INPUT, After, Before, First, Id, Last
from resolvers.context import Info
from resolvers.enums.exports import ExportFormat
from resolvers.enums.tickets import TicketOrder, TicketScope
from resolvers.mutations import Changed, MutationInput, mutate
from resolvers.nodes import found
from resolvers.tickets import ORDER, SEARCH, TicketFilter, criteria_of

FILE_NAME = (
    "What the file is called: a bare name of up to 255 characters, which gets the ending of its format; by default "
    "`tickets-` and the day."
)


@strawberry.input(description="Input of `ticketExportCreate`: the tickets, as `tickets` finds them, and the file.")
class TicketExportCreateInput(MutationInput):
    """Spec 3, 16."""

    format: ExportFormat = strawberry.field(description="What kind of file it becomes.")
    scope: TicketScope = strawberry.field(default=TicketScope.ALL, description='Which section of "My tickets".')
    filter: TicketFilter | None = strawberry.field(default=None, description="Only these tickets.")
    search: str | None = strawberry.field(default=None, description=SEARCH)
    order_by: TicketOrder = strawberry.field(default=TicketOrder.NEWEST, description=ORDER)
    file_name: str | None = strawberry.field(
        default=None,
        description=FILE_NAME,
    )

    def wanted(self, problems: Problems) -> Wanted:
        """The tickets, as the domain has them; what is wrong with them is noted."""
        criteria = criteria_of(self.filter or TicketFilter(), problems)
        return Wanted(self.scope, replace(criteria, search=self.search or ""), self.order_by)


async def ticket_export_create(info: Info, input: Annotated[TicketExportCreateInput, INPUT]) -> Any:
    """Have a list of tickets made a file."""

    async def command(gate: Gate) -> Changed:
        problems = Problems()
        wanted = input.wanted(problems)
        return {"export_job_id": await request_export(gate, input.format, wanted, input.file_name, problems)}

    return await mutate(info, input, command)


async def export_job(info: Info, id: Id) -> Any:
    """One export by its id."""
    return await found(info.context, "export", id)


async def export_jobs(
    info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
) -> Any:
    """Exports in pages."""
    return await info.context.answer(page(queries.listing, {}, page_request(first, after, last, before)))
