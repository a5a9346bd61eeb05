"""Replies and internal notes (C13)."""

from typing import Annotated, Any

import strawberry

from domain.tickets.notifications import mark_read
from domain.tickets.replying import Reply, note, reply
from resolvers.arguments import INPUT, Id
from resolvers.context import Info
from resolvers.mutations import MutationInput
from resolvers.support_inputs import files_of
from resolvers.ticket_mutations import on_ticket

AGREED = "The version that you accept; needed with files, and it must be the current one."


@strawberry.input(description="Input of `ticketReplyAdd`.")
class TicketReplyAddInput(MutationInput):
    """C13, C14."""

    body: str = strawberry.field(description="What you say, up to 20,000 characters.")
    attachment_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Up to 10 files that you have uploaded."
    )
    privacy_agreement_version: str | None = strawberry.field(default=None, description=AGREED)
    needs_answer: bool = strawberry.field(
        default=False, description="For the vendor's support team: the ticket is AWAITING_REPLY then."
    )


@strawberry.input(description="Input of `ticketNoteAdd`.")
class TicketNoteAddInput(MutationInput):
    """Spec 4.3, 12."""

    body: str = strawberry.field(description="What the vendor's staff alone is to read, up to 20,000 characters.")
    attachment_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Up to 10 files that you have uploaded; the vendor's staff alone sees them, too."
    )
    privacy_agreement_version: str | None = strawberry.field(default=None, description=AGREED)


@strawberry.input(description="Input of `ticketMarkRead`.")
class TicketMarkReadInput(MutationInput):
    """Nothing but what every mutation takes."""


async def ticket_reply_add(info: Info, ticket_id: Id, input: Annotated[TicketReplyAddInput, INPUT]) -> Any:
    """Add to the conversation."""
    given = Reply(input.body, files_of(input.attachment_ids, input.privacy_agreement_version), input.needs_answer)
    return await on_ticket(info, ticket_id, input, reply, given)


async def ticket_note_add(info: Info, ticket_id: Id, input: Annotated[TicketNoteAddInput, INPUT]) -> Any:
    """Leave an internal note."""
    files = files_of(input.attachment_ids, input.privacy_agreement_version)
    return await on_ticket(info, ticket_id, input, note, input.body, files)


async def ticket_mark_read(info: Info, ticket_id: Id, input: Annotated[TicketMarkReadInput, INPUT]) -> Any:
    """Say that one has read what was said."""
    return await on_ticket(info, ticket_id, input, mark_read)
