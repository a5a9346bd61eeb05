"""Copying people in and out of a ticket (C8)."""

from functools import partial
from typing import Annotated, Any

import strawberry

from domain.tickets.copying import add_cc, remove_cc
from resolvers.arguments import INPUT, Id, Version
from resolvers.context import Info
from resolvers.inputs import any_key
from resolvers.mutations import MutationInput
from resolvers.ticket_mutations import on_ticket


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
        description="Up to 50 ids of participants of the kinds CC and CONTACT, as `Ticket.participants` has them."
    )


async def ticket_cc_add(
    info: Info, ticket_id: Id, input: Annotated[TicketCcAddInput, INPUT], expected_version: Version = None
) -> Any:
    """Copy people in."""
    command = partial(add_cc, can_reply=input.can_reply)
    recipients = tuple(input.recipients)
    return await on_ticket(info, ticket_id, input, command, recipients, expected_version=expected_version)


async def ticket_cc_remove(
    info: Info, ticket_id: Id, input: Annotated[TicketCcRemoveInput, INPUT], expected_version: Version = None
) -> Any:
    """Copy people out."""
    ids = [any_key("participant", text) for text in input.participant_ids]
    return await on_ticket(info, ticket_id, input, remove_cc, ids, expected_version=expected_version)
