"""The enums of tickets."""

from domain.tickets.model import Side, TicketStatus
from domain.tickets.queries import TicketScope
from resolvers.enums.describe import describe

__all__ = ["Side", "TicketScope", "TicketStatus"]

describe(
    TicketStatus,
    "Where a ticket stands.",
    OPEN="The vendor's support team is to act.",
    AWAITING_REPLY="The vendor's support team waits for an answer.",
    RESOLVED="Solved; a reply within the reopen window opens it again.",
    CLOSED="Over for good; what remains is a new ticket.",
)
describe(
    Side,
    "For whom someone speaks in a ticket.",
    CUSTOMER="For the organisation that the ticket is about.",
    PARTNER="For the partner that manages this organisation.",
    VENDOR="For the vendor's support team.",
)
describe(
    TicketScope,
    'The sections of "My tickets".',
    REQUESTED="Those that you raised yourself.",
    CC="Those in which you are copied.",
    ORGANIZATION="Those about the organisation for which you act.",
    ALL="All that you may see.",
)
