"""What happened in a ticket, and what its requester thinks of it, as clients see them."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.tickets import queries
from resolvers.enums.tickets import MessageVisibility, Side, TicketEventKind
from schema.fields import global_id, one, plain
from schema.relay import Node
from schema.ticket_parts import TicketMessage

if TYPE_CHECKING:
    from schema.tickets import Ticket


@strawberry.type(description="One thing that happened in a ticket. It stays as it is.")
class TicketEvent(Node):
    """Rows of `domain.tickets.timeline.events_of`."""

    id: strawberry.ID = global_id("event")
    kind: TicketEventKind = plain("What happened.")
    occurred_at: datetime = plain("When.")
    actor_name: str = plain("Who did it, by the name of that time.")
    actor_side: Side = plain("For whom they acted.")
    visibility: MessageVisibility = plain("Who may know of it; only the vendor's staff ever sees INTERNAL ones.")
    before: str | None = plain("What it was before, where something was: see the kind.")
    after: str | None = plain("What it has been since, where something is: see the kind.")
    message: TicketMessage | None = one(
        queries.messages_by_ids, key="message_id", description="What was said, in REPLIED and NOTED."
    )
    related_ticket: Annotated["Ticket", strawberry.lazy("schema.tickets")] | None = one(
        queries.by_ids,
        key="related_ticket_id",
        description="The other ticket of a merge or a follow-up; null where you cannot see it.",
    )


@strawberry.type(description="What whoever raised a ticket thinks of how it was looked after.")
class TicketRating:
    """Rows of `domain.tickets.rating.of_tickets`."""

    score: int = plain("1 (bad) to 5 (very good).")
    comment: str = plain("In words; empty for none.")
    rated_at: datetime = plain("When it was given.")
    changed_at: datetime | None = plain("When it was changed, which it can be once; null while it was not.")
