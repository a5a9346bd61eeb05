"""Asking for what happened in tickets (spec 3, 25)."""

from typing import Any

from sqlalchemy import Select

from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.tickets.events import TicketEvent
from execution.paging import Key, Listing
from execution.relation import Parents


@requires(Permission.TICKET_READ)
def events_of(grant: Grant, parents: Parents) -> Listing:
    """What happened in these tickets, oldest first."""
    statement = grant.rows_of(TicketEvent).where(parents.match(TicketEvent.ticket_id))
    return Listing(statement, (Key(TicketEvent.occurred_at), Key(TicketEvent.id)))


@requires(Permission.TICKET_READ)
def events_by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Events by their ids."""
    return grant.rows_of(TicketEvent).where(parents.match(TicketEvent.id))
