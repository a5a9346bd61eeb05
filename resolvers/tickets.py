"""Asking for tickets."""

from typing import Annotated, Any

import strawberry

from domain.tickets import queries
from domain.tickets.queries import TicketCriteria
from execution.ids import UnknownIdError, decode_as
from execution.paging import page_request
from resolvers.arguments import After, Before, First, Id, Last
from resolvers.context import Info
from resolvers.enums.tickets import TicketScope, TicketStatus
from resolvers.nodes import found


@strawberry.input(description="Which tickets: all that is given must hold, and of several values one.")
class TicketFilter:
    """`domain.tickets.queries.TicketCriteria` as clients give it."""

    statuses: list[TicketStatus] | None = strawberry.field(default=None, description="In one of these states.")
    open_only: bool | None = strawberry.field(default=None, description="Neither resolved nor closed.")
    severities: list[int] | None = strawberry.field(default=None, description="Of one of these severities, 1-5.")
    service_ids: list[strawberry.ID] | None = strawberry.field(default=None, description="About one of these services.")

    def criteria(self) -> TicketCriteria:
        """As the domain has it."""
        return TicketCriteria(
            statuses=tuple(self.statuses or ()),
            open_only=bool(self.open_only),
            severities=tuple(self.severities or ()),
            service_ids=tuple(decode_as("service", key) for key in self.service_ids or ()),
        )


async def ticket(info: Info, id: Id) -> Any:
    """One ticket by its id."""
    return await found(info.context, "ticket", id)


async def ticket_by_number(
    info: Info, number: Annotated[str, strawberry.argument(description="The number, with its leading zeros.")]
) -> Any:
    """One ticket by its number."""
    row = await info.context.row(queries.by_number(info.context.gate, number))
    if row is None:
        raise UnknownIdError
    return row


async def tickets(
    info: Info,
    scope: Annotated[TicketScope, strawberry.argument(description='Which section of "My tickets".')] = TicketScope.ALL,
    filter: Annotated[TicketFilter | None, strawberry.argument(description="Only these tickets.")] = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Any:
    """Tickets in pages."""
    criteria = (filter or TicketFilter()).criteria()
    request = page_request(first, after, last, before)
    return await info.context.page(queries.listing(info.context.gate, scope, criteria), request)
