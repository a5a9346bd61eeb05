"""What a partner does with its customers."""

from uuid import UUID

from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.customers.model import CustomerPin, ManagementRelationship
from domain.records.commands import audit


@requires(Permission.CUSTOMER_PIN)
async def pin(grant: Grant, customer_id: UUID) -> None:
    """Keep a customer at hand for the acting user (B39); pinning twice is once."""
    customer = await grant.get(ManagementRelationship, customer_id)
    pinned = grant.select(CustomerPin).where(CustomerPin.relationship_id == customer.id)
    if await grant.first(pinned) is not None:
        return
    grant.add(CustomerPin(user_id=grant.actor.user_id, relationship_id=customer.id, pinned_at=grant.now))
    await audit(grant, "customer.pin", "customer", customer.id)
