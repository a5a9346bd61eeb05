"""The lists of tickets: which ones, and in which order."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, func

from authz import binds
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.tickets.criteria import EVERYTHING, TicketCriteria, TicketFilter, TicketScope, in_scope, matching
from domain.tickets.finding import ways_to
from domain.tickets.model import Ticket, TicketStatus
from domain.tickets.orders import NEWEST, TicketOrder, in_order
from domain.tickets.queries import ticket_rows
from domain.tickets.queues import TicketQueue, in_queue, is_open
from domain.tickets.reach import in_range
from execution.paging import Listing, bounded
from execution.relation import Parents


@requires(Permission.TICKET_READ)
def listing(grant: Grant, scope: TicketScope, criteria: TicketCriteria, order: TicketOrder) -> Listing:
    """Tickets that the actor sees, in one of the sections of "My tickets" (C7-C10)."""
    return _listing(grant, scope, criteria, order)


@requires(Permission.TICKET_READ)
def of_viewer(
    grant: Grant,
    parents: Parents,
    *,
    scope: TicketScope | None = None,
    statuses: Sequence[TicketStatus] | None = None,
    filter: TicketFilter | None = None,  # noqa: A002 - the argument's name
    search: str | None = None,
    order_by: TicketOrder | None = None,
) -> Listing:
    """The same for the viewer's own field; of any other parent there are none (C7)."""
    criteria = replace(filter.criteria() if filter else EVERYTHING, search=search or "")
    found = _listing(grant, scope or TicketScope.ALL, criteria, order_by or TicketOrder.NEWEST)
    wanted = found.statement.where(parents.match(binds.USER))
    if statuses is not None:
        wanted = wanted.where(Ticket.status.in_(bounded("statuses", statuses)))
    return replace(found, statement=wanted)


@requires(Permission.TICKET_READ)
def of_tenants(
    grant: Grant,
    parents: Parents,
    *,
    filter: TicketFilter | None = None,  # noqa: A002 - the argument's name
    search: str | None = None,
    order_by: TicketOrder | None = None,
    criteria: TicketCriteria = EVERYTHING,
) -> Listing:
    """Tickets about these tenants (B38)."""
    if filter:
        criteria = filter.criteria()
    if search:
        criteria = replace(criteria, search=search)
    found = ticket_rows(grant, criteria.search).where(parents.match(Ticket.tenant_id), *matching(criteria))
    return in_order(found, order_by or TicketOrder.NEWEST, criteria.search)


@requires(Permission.TICKET_READ)
def merged_into(grant: Grant, parents: Parents) -> Listing:
    """The tickets that have become part of these."""
    return Listing(ticket_rows(grant).where(parents.match(Ticket.merged_into_id)), NEWEST)


@requires(Permission.TICKET_READ)
def follow_ups_of(grant: Grant, parents: Parents) -> Listing:
    """The tickets that take these up again."""
    return Listing(ticket_rows(grant).where(parents.match(Ticket.follow_up_of_id)), NEWEST)


@requires(Permission.TICKET_ASSIGN)
def queue_counts(grant: Grant) -> Select[Any]:
    """How many tickets are in each queue that the actor sees: one look at the open ones for all of them."""
    numbers = (func.count().filter(in_queue(name)).label(name.value.lower()) for name in TicketQueue)
    return grant.select(Ticket, *numbers).where(is_open())


def _listing(grant: Grant, scope: TicketScope, criteria: TicketCriteria, order: TicketOrder) -> Listing:
    seen, ways = ticket_rows(grant, criteria.search), ways_to(criteria.search, grant.powers)
    if not ways:
        seen = seen.where(in_range(Ticket, grant.powers))
    return replace(in_order(seen.where(*in_scope(scope), *matching(criteria)), order, criteria.search), ways=ways)
