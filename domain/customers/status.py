"""What a relationship amounts to, as SQL (AMB-20, spec 4.4)."""

from typing import Any

from sqlalchemy import ColumnElement, Enum, and_, case, type_coerce

from domain.customers.model import CustomerStatus, ManagementMode, ManagementRelationship, RelationshipStatus
from domain.tenants.model import Tenant, TenantStatus

STATUS = Enum(CustomerStatus, native_enum=False, length=40)


def customer_status() -> ColumnElement[Any]:
    """The customer's status, from its relationship and its tenant, which the statement has joined."""
    edge = ManagementRelationship
    return type_coerce(
        case(
            (edge.status == RelationshipStatus.PENDING, CustomerStatus.INVITED.value),
            (edge.mode == ManagementMode.CUSTOMER, CustomerStatus.ACCESS_DISABLED.value),
            (Tenant.status == TenantStatus.SUSPENDED, CustomerStatus.SUSPENDED.value),
            else_=CustomerStatus.ACTIVE.value,
        ),
        STATUS,
    )


def is_managed() -> ColumnElement[bool]:
    """Whether the partner reaches more of the customer than its licences; as `ManagementRelationship.managed`."""
    edge = ManagementRelationship
    return and_(edge.status == RelationshipStatus.ACTIVE, edge.mode == ManagementMode.PARTNER)


def managed_tenant_id() -> ColumnElement[Any]:
    """The customer's tenant where the partner reaches it, else null: what a customer keeps to itself hangs on this."""
    return case((is_managed(), ManagementRelationship.customer_tenant_id))
