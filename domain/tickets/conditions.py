"""What other nouns may ask of tickets in their own lists."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, not_

from authz.errors import ForbiddenError
from authz.permissions import Permission
from authz.powers import Powers
from domain.customers.model import ManagementRelationship
from domain.customers.status import is_managed
from domain.tickets.model import Ticket
from domain.tickets.queues import is_open


@dataclass(frozen=True, slots=True)
class OpenTickets:
    """Customers that have open tickets, or none, as far as the partner may see them (B44).

    Of a customer that manages itself it may not know, so that such a customer matches neither (AMB-21).
    """

    wanted: bool

    def __call__(self, powers: Powers) -> ColumnElement[bool]:
        """See `domain.customers.criteria.Condition`."""
        if not powers.holds(Permission.TICKET_READ):
            raise ForbiddenError
        found = exists().where(
            Ticket.tenant_id == ManagementRelationship.customer_tenant_id,
            is_open(),
            Ticket.visible_to(powers),
        )
        return and_(is_managed(), found if self.wanted else not_(found))
