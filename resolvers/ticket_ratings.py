"""Saying how a ticket was looked after (spec 3, 31)."""

from typing import Annotated, Any

import strawberry

from authz.gate import Gate
from domain.tickets.rating import set_rating
from resolvers.arguments import INPUT, Id
from resolvers.context import Info
from resolvers.inputs import key_of
from resolvers.mutations import Changed, MutationInput, mutate


@strawberry.input(description="Input of `ticketRatingSet`.")
class TicketRatingSetInput(MutationInput):
    """Spec 3, 31."""

    score: int = strawberry.field(description="1 (bad) to 5 (very good).")
    comment: str | None = strawberry.field(default=None, description="In words, up to 2,000 characters.")


async def ticket_rating_set(info: Info, ticket_id: Id, input: Annotated[TicketRatingSetInput, INPUT]) -> Any:
    """Rate a ticket."""

    async def command(gate: Gate) -> Changed:
        key = key_of("ticket", ticket_id, "ticketId")
        return {"ticket_id": await set_rating(gate, key, input.score, input.comment)}

    return await mutate(info, input, command, ticket_id=ticket_id)
