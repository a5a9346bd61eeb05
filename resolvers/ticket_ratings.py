"""Saying how a ticket was looked after (spec 3, 31)."""

from typing import Annotated, Any

import strawberry

from domain.tickets.rating import set_rating
from resolvers.arguments import INPUT, Id
from resolvers.context import Info
from resolvers.mutations import MutationInput
from resolvers.ticket_mutations import on_ticket


@strawberry.input(description="Input of `ticketRatingSet`.")
class TicketRatingSetInput(MutationInput):
    """Spec 3, 31."""

    score: int = strawberry.field(description="1 (bad) to 5 (very good).")
    comment: str | None = strawberry.field(default=None, description="In words, up to 2,000 characters.")


async def ticket_rating_set(info: Info, ticket_id: Id, input: Annotated[TicketRatingSetInput, INPUT]) -> Any:
    """Rate a ticket."""
    return await on_ticket(info, ticket_id, input, set_rating, input.score, input.comment)
