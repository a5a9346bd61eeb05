"""Every SELECT of customers."""

from typing import Any

from sqlalchemy import Select, Uuid, and_, cast, exists

from authz import binds
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from authz.powers import Powers
from domain.customers.criteria import CustomerCriteria, matching
from domain.customers.model import CustomerPin, CustomerProfile, ManagementRelationship
from domain.customers.status import customer_status, managed_tenant_id
from domain.tenants.model import Tenant
from execution.paging import Key, Listing
from execution.relation import Parents


@requires(Permission.CUSTOMER_READ)
def by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Customers by their ids."""
    return customers(grant).where(parents.match(ManagementRelationship.id))


@requires(Permission.CUSTOMER_READ)
def by_tenants(grant: Grant, parents: Parents) -> Select[Any]:
    """Customers by the tenants that they are."""
    return customers(grant).where(parents.match(ManagementRelationship.customer_tenant_id))


@requires(Permission.CUSTOMER_READ)
def listing(grant: Grant, criteria: CustomerCriteria, *, descending: bool = False) -> Listing:
    """The partner's customers by the organisation's name (B1, B43, B44, B52)."""
    statement = customers(grant).where(*matching(criteria, grant.powers))
    edge = ManagementRelationship
    return Listing(statement, (Key(edge.search_name, descending), Key(edge.id, descending)))


@requires(Permission.CUSTOMER_READ)
def pinned_by(grant: Grant, parents: Parents) -> Listing:
    """Customers that the acting user keeps at hand, the last pinned first (B39, AMB-22)."""
    pin = CustomerPin
    statement = (
        customers(grant)
        .join(pin, and_(pin.relationship_id == ManagementRelationship.id, pin.visible_to(grant.powers)))
        .add_columns(pin.pinned_at)
        .where(parents.match(pin.user_id))
    )
    return Listing(statement, (Key(pin.pinned_at, descending=True), Key(ManagementRelationship.id, descending=True)))


@requires(Permission.TENANT_READ)
def management_of_tenants(grant: Grant, parents: Parents) -> Select[Any]:
    """By whom these tenants are managed: for their own administrators and for their partner (spec 4.1)."""
    edge = ManagementRelationship
    columns = (edge.mode, edge.status.label("relationship_status"), edge.mode_changed_at, edge.customer_tenant_id)
    return grant.select(edge, *columns).where(parents.match(edge.customer_tenant_id))


def customers(grant: Grant) -> Select[Any]:
    """One row for each customer: the relationship, what the partner keeps about it, and what follows from both.

    `managed_tenant_id` is the customer's tenant in PARTNER mode and null otherwise (spec 4.4); `pinned` is the acting
    user's.
    """
    edge, profile = ManagementRelationship, CustomerProfile
    columns = (
        edge.id,
        edge.customer_tenant_id,
        edge.organization_name,
        edge.search_name,
        edge.registered_account,
        edge.country,
        edge.mode.label("management_mode"),
        edge.mode_changed_at,
        edge.status.label("relationship_status"),
        edge.version,
        edge.created_at,
        customer_status().label("status"),
        managed_tenant_id().label("managed_tenant_id"),
        _pinned(grant.powers).label("pinned"),
        profile.display_name,
        profile.notes,
        profile.tags,
        profile.billing_reports_enabled,
        profile.billing_recipients,
        profile.service_reports_enabled,
        profile.service_recipients,
        _policies_key(grant.powers).label("policies_tenant_id"),
    )
    # Each has its profile. Said as an outer join, PostgreSQL leaves it out where no column of it is wanted.
    return (
        grant.select(edge, *columns)
        .outerjoin(profile, profile.relationship_id == edge.id)
        .outerjoin(Tenant, Tenant.id == edge.customer_tenant_id)
    )


def _pinned(powers: Powers) -> Any:
    pin = CustomerPin
    mine = pin.user_id == binds.USER
    found = exists().where(pin.relationship_id == ManagementRelationship.id, mine, pin.visible_to(powers))
    return found.correlate(ManagementRelationship)


def _policies_key(powers: Powers) -> Any:
    """The key of what the provider hides from the customer, for those who may know."""
    if powers.holds(Permission.OPTION_POLICY_READ):
        return ManagementRelationship.customer_tenant_id
    return cast(None, Uuid())
