"""What other nouns may ask of services in their own lists."""

from uuid import UUID

from sqlalchemy import ColumnElement, exists

from authz.actor import Actor
from authz.errors import ForbiddenError
from authz.permissions import Permission
from domain.customers.criteria import Condition
from domain.customers.model import ManagementRelationship
from domain.services.model import ServiceSubscription, SubscriptionStatus
from execution.paging import bounded


def subscribed_to(argument: str, service_ids: tuple[UUID, ...]) -> Condition:
    """Customers with a subscription to one of these services that the partner sees and that has not ended (B44).

    `argument` is the name of the filter that names the services.
    """

    def condition(actor: Actor) -> ColumnElement[bool]:
        if not actor.holds(Permission.SERVICE_READ):
            raise ForbiddenError
        subscription = ServiceSubscription
        return exists().where(
            subscription.tenant_id == ManagementRelationship.customer_tenant_id,
            subscription.service_id.in_(bounded(argument, service_ids)),
            subscription.status != SubscriptionStatus.ENDED,
            subscription.visible_to(actor),
        )

    return condition
