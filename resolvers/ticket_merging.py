"""Making one ticket of two (spec 3, 17)."""

from typing import Annotated, Any

import strawberry

from domain.tickets.merging import Merge, merge
from resolvers.arguments import INPUT, Id, Version
from resolvers.context import Info
from resolvers.inputs import any_key
from resolvers.mutations import MutationInput
from resolvers.ticket_mutations import on_ticket


@strawberry.input(description="Input of `ticketMerge`.")
class TicketMergeInput(MutationInput):
    """Spec 3, 17."""

    into_ticket_id: strawberry.ID = strawberry.field(
        description="The ticket that goes on: about the same organisation, and not closed."
    )
    include_ccs: list[str] | None = strawberry.field(
        default=None,
        description="The e-mail addresses of those who take part in the ticket that ends, and are to be copied in on "
        "the one that goes on; several in one text are separated by commas or semicolons: at most 50, and "
        "as many as there is room for beside those who are copied in there. Nobody else is.",
    )


async def ticket_merge(
    info: Info, ticket_id: Id, input: Annotated[TicketMergeInput, INPUT], expected_version: Version = None
) -> Any:
    """End a ticket as part of another one."""
    given = Merge(any_key("ticket", input.into_ticket_id), tuple(input.include_ccs or ()))
    return await on_ticket(info, ticket_id, input, merge, given, expected_version=expected_version)
