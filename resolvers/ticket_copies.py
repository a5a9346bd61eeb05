"""Copying people in and out of a ticket (C8)."""

from typing import Annotated, Any

import strawberry

from authz.gate import Gate
from domain.tickets.copying import add_cc, remove_cc
from resolvers.arguments import INPUT, Id
from resolvers.context import Info
from resolvers.inputs import any_key, key_of
from resolvers.mutations import Changed, MutationInput, mutate
from resolvers.ticket_changes import Version


@strawberry.input(description="Input of `ticketCcAdd`.")
class TicketCcAddInput(MutationInput):
    """A15, C8."""

    recipients: list[str] = strawberry.field(
        description="E-mail addresses; several in one text are separated by commas or semicolons. At most 50 people "
        "are copied in on a ticket."
    )
    can_reply: bool = strawberry.field(default=True, description="Whether they may reply, or only read.")


@strawberry.input(description="Input of `ticketCcRemove`.")
class TicketCcRemoveInput(MutationInput):
    """C8."""

    participant_ids: list[strawberry.ID] = strawberry.field(
        description="Up to 50 ids of participants of the kind CC, as `Ticket.participants` has them."
    )


async def ticket_cc_add(
    info: Info, ticket_id: Id, input: Annotated[TicketCcAddInput, INPUT], expected_version: Version = None
) -> Any:
    """Copy people in."""

    async def command(gate: Gate) -> Changed:
        key = key_of("ticket", ticket_id, "ticketId")
        given = await add_cc(gate, key, tuple(input.recipients), expected_version, can_reply=input.can_reply)
        return {"ticket_id": given}

    return await mutate(info, input, command, ticket_id=ticket_id, expected_version=expected_version)


async def ticket_cc_remove(
    info: Info, ticket_id: Id, input: Annotated[TicketCcRemoveInput, INPUT], expected_version: Version = None
) -> Any:
    """Copy people out."""
    ids = [any_key("participant", text) for text in input.participant_ids]

    async def command(gate: Gate) -> Changed:
        return {"ticket_id": await remove_cc(gate, key_of("ticket", ticket_id, "ticketId"), ids, expected_version)}

    return await mutate(info, input, command, ticket_id=ticket_id, expected_version=expected_version)
