"""Root fields of tickets and invitations."""

import strawberry

from resolvers import tickets
from schema.relay import Connection
from schema.tickets import Ticket


@strawberry.type
class TicketQueries:
    """What can be asked."""

    ticket: Ticket | None = strawberry.field(resolver=tickets.ticket, description="One ticket by its id.")
    ticket_by_number: Ticket | None = strawberry.field(
        resolver=tickets.ticket_by_number, description="One ticket by its number."
    )
    tickets: Connection[Ticket] = strawberry.field(resolver=tickets.tickets, description="Tickets that you may see.")


@strawberry.type
class TicketMutations:
    """What can be done."""
