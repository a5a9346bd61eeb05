"""What other nouns may ask of services in their own lists."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, exists

from authz.errors import ForbiddenError
from authz.permissions import Permission
from authz.powers import Powers
from domain.customers.model import ManagementRelationship
from domain.services.model import ServiceSubscription, SubscriptionStatus
from execution.paging import bounded


@dataclass(frozen=True, slots=True)
class SubscribedTo:
    """Customers with a subscription to one of these services that the partner sees and that has not ended (B44).

    `argument` is the name of the filter that names the services.
    """

    argument: str
    service_ids: tuple[UUID, ...]

    def __call__(self, powers: Powers) -> ColumnElement[bool]:
        """See `domain.customers.criteria.Condition`."""
        if not powers.holds(Permission.SERVICE_READ):
            raise ForbiddenError
        subscription = ServiceSubscription
        return exists().where(
            subscription.tenant_id == ManagementRelationship.customer_tenant_id,
            subscription.service_id.in_(bounded(self.argument, self.service_ids)),
            subscription.status != SubscriptionStatus.ENDED,
            subscription.visible_to(powers),
        )
