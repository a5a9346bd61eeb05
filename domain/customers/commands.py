"""What a partner does with its customers, and what a customer does about its partner."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from authz.errors import ForbiddenError, NotFoundError
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from authz.roles import Role
from domain.customers.model import CustomerPin, ManagementMode, ManagementRelationship
from domain.customers.reach import customer_for
from domain.records.commands import announce, audit
from domain.tenants.model import Membership, User


@requires(Permission.CUSTOMER_PIN)
async def pin(grant: Grant, customer_id: UUID) -> None:
    """Keep a customer at hand for the acting user (B39, AMB-22); pinning twice is once."""
    customer = await customer_for(grant, customer_id)
    values = {"tenant_id": grant.actor.tenant_id, "user_id": grant.actor.user_id, "relationship_id": customer.id}
    made = insert(CustomerPin).values(**values, pinned_at=grant.now).on_conflict_do_nothing()
    if (await grant.run(made.returning(CustomerPin.relationship_id))).first() is not None:
        audit(grant, "customer.pin", "customer", customer.id)


@requires(Permission.CUSTOMER_PIN)
async def unpin(grant: Grant, customer_id: UUID) -> None:
    """Keep it at hand no longer; unpinning twice is once."""
    customer = await customer_for(grant, customer_id)
    mine = (CustomerPin.relationship_id == customer.id, CustomerPin.user_id == grant.actor.user_id)
    gone = delete(CustomerPin).where(*mine).returning(CustomerPin.relationship_id)
    if (await grant.run(gone)).first() is not None:
        audit(grant, "customer.unpin", "customer", customer.id)


@requires(Permission.CUSTOMER_MANAGE_MODE)
async def change_management_mode(grant: Grant, customer_id: UUID, mode: ManagementMode) -> None:
    """The partner gives the management of the customer's tenant back to the customer (B17, B18, AMB-8)."""
    customer = await customer_for(grant, customer_id)
    await _change_mode(grant, customer, mode)


@requires(Permission.CUSTOMER_MANAGE_MODE)
async def take_over_management(grant: Grant) -> UUID:
    """The customer's owner ends its partner's management: the same transition from the other side (B57, AMB-8).

    Returns the id of the tenant. `NotFoundError` where no partner manages it.
    """
    if grant.actor.role is not Role.TENANT_OWNER:
        raise ForbiddenError("Only the owner of a customer's tenant can take its management over.")
    edge = ManagementRelationship
    mine = grant.select(edge).where(edge.customer_tenant_id == grant.actor.tenant_id).with_for_update(of=edge)
    customer = await grant.first(mine)
    if customer is None:
        raise NotFoundError("No partner manages your organisation.")
    await _change_mode(grant, customer, ManagementMode.CUSTOMER)
    return grant.actor.tenant_id


async def _change_mode(grant: Grant, customer: ManagementRelationship, mode: ManagementMode) -> None:
    """One transaction (spec 4.4): the row, whose derived columns follow; both audit logs; mail to the owner; streams.

    The owner is looked up first: afterwards the partner does not see it any more.
    """
    owner = await _owner(grant, customer.customer_tenant_id)
    before = customer.mode
    customer.change_mode(mode, grant.actor.user_id, grant.now)
    await grant.flush()
    sides = (customer.tenant_id, customer.customer_tenant_id)
    change: dict[str, Any] = {"before": {"managementMode": before}, "after": {"managementMode": mode}}
    audit(grant, "customer.management_mode_change", "customer", customer.id, *sides, **change)
    for side in sides:
        announce(grant, "access.changed", side, {"customer_tenant_id": str(customer.customer_tenant_id)})
    if owner is not None:
        mail = {"to": owner.email, "template": "management_mode_changed", "changed_by": grant.actor.tenant_name}
        announce(grant, "mail", customer.customer_tenant_id, mail)


async def _owner(grant: Grant, tenant_id: UUID) -> User | None:
    ownership = aliased(Membership)
    owns = (ownership.tenant_id == tenant_id, ownership.role == Role.TENANT_OWNER, ownership.visible_to(grant.powers))
    statement = grant.select(User).join(ownership, ownership.user_id == User.id)
    owner: User | None = await grant.first(statement.where(*owns))
    return owner
