"""What an actor may do at one customer: its own acts, as far as the relationship lets them reach (spec 4.4, 5.4)."""

from uuid import UUID

from authz.errors import NotFoundError
from authz.grant import Grant
from authz.permissions import Permission
from authz.powers import Powers
from domain.customers.model import ManagementMode, ManagementRelationship, RelationshipStatus
from domain.errors import ErrorCode, refuse

WHILE_INVITED = frozenset(
    {
        Permission.CUSTOMER_READ,
        Permission.CUSTOMER_UPDATE,
        Permission.CUSTOMER_PIN,
        Permission.CUSTOMER_TAG,
        Permission.CUSTOMER_DISCONNECT,
    }
)
"""What concerns the partner's own notes alone and needs no consent of the customer."""


def acts_at(powers: Powers, status: RelationshipStatus, mode: ManagementMode) -> frozenset[Permission]:
    """The acts held at a customer whose relationship is in this state."""
    if status is RelationshipStatus.PENDING:
        return powers.licensed & WHILE_INVITED
    return powers.managed if mode is ManagementMode.PARTNER else powers.licensed


async def customer_for(grant: Grant, customer_id: UUID) -> ManagementRelationship:
    """The partner's customer, locked, if the relationship lets the grant's act reach it.

    `NotFoundError` where the actor sees no such customer; ACCESS_DISABLED where the act does not reach it (B10), which
    tells nothing that the customer's row does not show.
    """
    if not grant.powers.is_partner:
        raise NotFoundError
    customer = await grant.get(ManagementRelationship, customer_id, lock=True)
    if grant.permission not in acts_at(grant.powers, customer.status, customer.mode):
        refuse_access(customer, "customerId")
    return customer


def refuse_access(customer: ManagementRelationship, *path: str) -> None:
    """Refuse because of the state in which the relationship is (spec 4.4)."""
    pending = customer.status is RelationshipStatus.PENDING
    why = "has not accepted the invitation yet" if pending else "manages its tenant itself"
    refuse(ErrorCode.ACCESS_DISABLED, f"The customer {why}.", *path)
