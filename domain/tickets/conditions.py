"""What other nouns may ask of tickets in their own lists."""

from sqlalchemy import ColumnElement, and_, exists, not_

from authz.actor import Actor
from authz.errors import ForbiddenError
from authz.permissions import Permission
from domain.customers.criteria import Condition
from domain.customers.model import ManagementRelationship
from domain.customers.status import is_managed
from domain.tickets.model import OPEN_STATUSES, Ticket


def open_tickets(wanted: bool) -> Condition:
    """Customers that have open tickets, or none, as far as the partner may see them (B44).

    Of a customer that manages itself it may not know, so that such a customer matches neither (AMB-21).
    """

    def condition(actor: Actor) -> ColumnElement[bool]:
        if not actor.holds(Permission.TICKET_READ):
            raise ForbiddenError
        found = exists().where(
            Ticket.tenant_id == ManagementRelationship.customer_tenant_id,
            Ticket.status.in_(OPEN_STATUSES),
            Ticket.visible_to(actor),
        )
        return and_(is_managed(), found if wanted else not_(found))

    return condition
