"""Every SELECT of customers."""

from typing import Any

from sqlalchemy import Select

from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.customers.model import CustomerProfile, ManagementRelationship
from execution.relation import Parents


@requires(Permission.CUSTOMER_READ)
def by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Customers by their ids."""
    return customers(grant).where(parents.match(ManagementRelationship.id))


def customers(grant: Grant) -> Select[Any]:
    """The relationship's columns and the profile's in one row."""
    profile = CustomerProfile
    return (
        grant.rows_of(ManagementRelationship)
        .join(profile, profile.relationship_id == ManagementRelationship.id)
        .add_columns(profile.display_name, profile.notes, profile.tags)
    )
