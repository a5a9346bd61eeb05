"""Tickets as clients see them."""

from datetime import datetime
from typing import Any

import strawberry

from domain.services import queries as services
from domain.tickets import queries
from resolvers.enums.tickets import Side, TicketStatus
from resolvers.tickets import TicketFilter
from schema.fields import connection, global_id, one, plain
from schema.relay import Connection, Node
from schema.services import Service


@strawberry.type(description="One message of a ticket's conversation.")
class TicketMessage(Node):
    """Rows of `domain.tickets.model.TicketMessage`."""

    id: strawberry.ID = global_id("message")
    body: str = plain("What was said.")
    author_name: str = plain("Who said it.")
    author_side: Side = plain("For whom the author speaks.")
    created_at: datetime = plain("When it was said.")


@strawberry.type(description="One request for support.")
class Ticket(Node):
    """Rows of `domain.tickets.model.Ticket`."""

    id: strawberry.ID = global_id("ticket")
    number: str = plain("The number by which people speak of the ticket.")
    status: TicketStatus = plain("Where the ticket stands.")
    severity: int | None = plain("1 (Trivial) to 5 (Critical) (A8).")
    summary: str = plain("What it is about, in a line.")
    created_at: datetime = plain("When it was raised.")
    service: Service | None = one(services.by_ids, key="service_id", description="The service that it is about.")
    conversation: Connection[TicketMessage] = connection(
        queries.messages_of,
        key="id",
        description="What was said, oldest first; internal notes are not in it.",
    )


TICKET_ARGUMENTS: dict[str, Any] = {"filter": (TicketFilter | None, "Only these tickets.")}
