"""How far an actor reaches beyond its own tenant: the shared half of every `visible_to`."""

from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    UniqueConstraint,
    and_,
    exists,
    false,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from authz import binds
from authz.powers import Powers
from authz.roles import Role
from domain.base import Base, Identified, TenantOwned, Timestamped


def own_tenant(tenant_id: Any) -> ColumnElement[bool]:
    """Rows of the acting tenant."""
    condition: ColumnElement[bool] = tenant_id == binds.TENANT
    return condition


def managed_customers(tenant_id: Any, managing_partner_id: Any, powers: Powers) -> ColumnElement[bool]:
    """Rows of customers that the acting partner manages, within the customer groups of its user."""
    if not powers.is_partner:
        return false()
    managed: ColumnElement[bool] = managing_partner_id == binds.TENANT
    return and_(managed, in_customer_groups(tenant_id)) if powers.grouped else managed


def within_reach(tenant_id: Any, managing_partner_id: Any | None, powers: Powers) -> ColumnElement[bool]:
    """Rows of the acting tenant, of the customers that it manages, and of everyone for platform staff.

    `managing_partner_id` is None for rows that are not the partner's business. Who takes part in single tickets reaches
    nothing else of the organisation (docs/adr/0015).
    """
    if powers.role is Role.PARTICIPANT:
        return false()
    if powers.is_platform:
        return true()
    if managing_partner_id is None or not powers.is_partner:
        return own_tenant(tenant_id)
    return or_(own_tenant(tenant_id), managed_customers(tenant_id, managing_partner_id, powers))


class CustomerGroup(Identified, TenantOwned, Timestamped, Base):
    """Customers that a partner's staff are given together (spec 3, 3)."""

    __tablename__ = "customer_group"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)

    name: Mapped[str]

    @classmethod
    def visible_to(cls, _powers: Powers) -> ColumnElement[bool]:
        """The partner itself."""
        return own_tenant(cls.tenant_id)


class CustomerGroupMember(TenantOwned, Base):
    """One customer in a group."""

    __tablename__ = "customer_group_member"

    group_id: Mapped[UUID] = mapped_column(ForeignKey("customer_group.id", ondelete="CASCADE"), primary_key=True)
    customer_tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenant.id"), primary_key=True)

    @classmethod
    def visible_to(cls, _powers: Powers) -> ColumnElement[bool]:
        """The partner itself."""
        return own_tenant(cls.tenant_id)


class MembershipCustomerGroup(TenantOwned, Base):
    """A group that limits which customers a partner's user reaches, by including or by excluding them."""

    __tablename__ = "membership_customer_group"

    membership_id: Mapped[UUID] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[UUID] = mapped_column(ForeignKey("customer_group.id", ondelete="CASCADE"), primary_key=True)
    excluded: Mapped[bool]

    @classmethod
    def visible_to(cls, _powers: Powers) -> ColumnElement[bool]:
        """The partner itself."""
        return own_tenant(cls.tenant_id)


def in_customer_groups(tenant_id: Any, membership_id: Any = binds.MEMBERSHIP) -> ColumnElement[bool]:
    """Whether a customer is in an included group of a membership (or none is included) and in no excluded one.

    It is the acting user's, unless another is meant.
    """
    mine = MembershipCustomerGroup.membership_id == membership_id
    members = select(CustomerGroupMember.customer_tenant_id).join(
        MembershipCustomerGroup, MembershipCustomerGroup.group_id == CustomerGroupMember.group_id
    )
    included = members.where(mine, not_(MembershipCustomerGroup.excluded))
    excluded = members.where(mine, MembershipCustomerGroup.excluded)
    nothing_included = not_(exists().where(mine, not_(MembershipCustomerGroup.excluded)))
    return and_(or_(nothing_included, tenant_id.in_(included)), tenant_id.not_in(excluded))
