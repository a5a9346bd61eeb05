"""What lists of tickets take and tell besides the tickets."""

from typing import Any

import strawberry

from resolvers.enums.tickets import TicketOrder, TicketScope, TicketStatus, TicketTextField
from resolvers.tickets import ORDER, SEARCH, TicketFilter
from schema.fields import plain


@strawberry.type(description="A piece of an excerpt, as it stands in the ticket: text, and never markup.")
class HighlightPart:
    """Made by `domain.tickets.highlights`."""

    text: str = plain("The text.")
    matched: bool = plain("Whether it is what was looked for.")


@strawberry.type(description="An excerpt of a ticket's field in which a search has found something.")
class TicketHighlight:
    """Made by `domain.tickets.highlights`."""

    field: TicketTextField = plain("Where it is from.")
    parts: list[HighlightPart] = plain("The excerpt, up to 240 characters in all: put together it is the text.")


@strawberry.type(description="How many open tickets are in each queue, of those that you see.")
class TicketQueues:
    """The row of `domain.tickets.lists.queue_counts`."""

    unassigned: int = plain("Nobody looks after them yet.")
    mine: int = plain("You look after them.")
    awaiting_reply: int = plain("The vendor's support team waits for an answer.")
    at_risk: int = plain("Less than a quarter of the promised time is left.")
    breached: int = plain("A promise that is still owed was missed.")


TICKET_ARGUMENTS: dict[str, Any] = {
    "filter": (TicketFilter | None, "Only these tickets."),
    "search": (str | None, SEARCH),
    "order_by": (TicketOrder | None, ORDER),
}
VIEWER_TICKET_ARGUMENTS: dict[str, Any] = {
    "scope": (TicketScope | None, 'Which section of "My tickets"; all of them by default.'),
    "statuses": (list[TicketStatus] | None, "In one of these states; whatever its state by default (C7)."),
    **TICKET_ARGUMENTS,
}
