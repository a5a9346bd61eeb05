"""A partner's customers: the relationship, what the partner keeps about them, and which options it hides from them."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, UniqueConstraint, and_, false, or_
from sqlalchemy.orm import Mapped, mapped_column

from authz import binds
from authz.permissions import Permission
from authz.powers import Powers
from authz.roles import Role
from domain.base import Base, Identified, TenantOwned, Timestamped, Versioned
from domain.errors import ErrorCode, refuse
from domain.tenants.reach import in_customer_groups, own_tenant


class ManagementMode(StrEnum):
    """Who manages the customer's tenant; it goes from PARTNER to CUSTOMER and never back (B18)."""

    PARTNER = "PARTNER"
    CUSTOMER = "CUSTOMER"


class RelationshipStatus(StrEnum):
    """Whether the customer has accepted."""

    PENDING = "PENDING"
    ACTIVE = "ACTIVE"


class CustomerStatus(StrEnum):
    """Where a customer stands for its partner (AMB-20); derived, never stored."""

    INVITED = "INVITED"
    ACTIVE = "ACTIVE"
    ACCESS_DISABLED = "ACCESS_DISABLED"
    SUSPENDED = "SUSPENDED"


class ProviderOption(StrEnum):
    """What a provider can hide from the customers it manages (spec 5.5)."""

    SUPPORT_TEMPORARY_ACCOUNT = "SUPPORT_TEMPORARY_ACCOUNT"
    EXPIRED_SERVICES = "EXPIRED_SERVICES"


CUSTOMERS_SIDE = frozenset({Role.TENANT_OWNER, Role.SERVICE_ADMINISTRATOR})
"""Who of a customer's own people sees by whom it is managed."""


def customers_in_reach(tenant_id: Any, customer_tenant_id: Any, powers: Powers) -> ColumnElement[bool]:
    """Rows that a partner keeps about its customers: its own staff, within their customer groups."""
    if not (powers.is_partner and powers.holds(Permission.CUSTOMER_READ)):
        return false()
    own = own_tenant(tenant_id)
    return and_(own, in_customer_groups(customer_tenant_id)) if powers.grouped else own


class ManagementRelationship(Identified, TenantOwned, Timestamped, Versioned, Base):
    """The edge from a partner (`tenant_id`) to a customer tenant; what clients know as a Customer.

    `organization_name` and `country` follow the customer's tenant; the database keeps them true. `search_name` is the
    name without case and accents: lists search and sort by it (B43, B52).
    """

    __tablename__ = "management_relationship"
    __table_args__ = (
        CheckConstraint("tenant_id <> customer_tenant_id", name="two_tenants"),
        UniqueConstraint("customer_tenant_id"),
        Index("ix_management_relationship_name", "tenant_id", "search_name", "id"),
    )

    customer_tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenant.id"))
    mode: Mapped[ManagementMode] = mapped_column(default=ManagementMode.PARTNER)
    status: Mapped[RelationshipStatus] = mapped_column(default=RelationshipStatus.ACTIVE)
    mode_changed_at: Mapped[datetime | None]
    mode_changed_by: Mapped[UUID | None]
    registered_account: Mapped[str]
    organization_name: Mapped[str]
    search_name: Mapped[str]
    country: Mapped[str | None]

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """The partner, within its user's customer groups; the customer's owner and service administrators (4.1)."""
        if powers.role in CUSTOMERS_SIDE:
            return own_tenant(cls.customer_tenant_id)
        return customers_in_reach(cls.tenant_id, cls.customer_tenant_id, powers)

    @property
    def managed(self) -> bool:
        """Whether the partner reaches more of the customer than its licences (spec 4.4)."""
        return self.status is RelationshipStatus.ACTIVE and self.mode is ManagementMode.PARTNER

    def change_mode(self, mode: ManagementMode, by: UUID, at: datetime) -> None:
        """From PARTNER to CUSTOMER, for good (B17, B18); anything else is refused, the mode it is in already too."""
        states = {
            "from_": self.mode.value,
            "to": mode.value,
            "allowed": [ManagementMode.CUSTOMER.value] if self.managed else [],
        }
        if self.status is not RelationshipStatus.ACTIVE:
            refuse(ErrorCode.INVALID_TRANSITION, "The customer has not accepted the invitation yet.", "mode", **states)
        if mode is self.mode:
            refuse(ErrorCode.INVALID_TRANSITION, "The customer is in this mode already.", "mode", **states)
        if mode is ManagementMode.PARTNER:
            message = "The customer manages its tenant itself: this cannot be taken back."
            refuse(ErrorCode.IRREVERSIBLE_TRANSITION, message, "mode", **states)
        self.mode, self.mode_changed_at, self.mode_changed_by = mode, at, by


class CustomerProfile(TenantOwned, Timestamped, Base):
    """What the partner keeps about one customer (B27-B31)."""

    __tablename__ = "customer_profile"
    __table_args__ = (Index("ix_customer_profile_tags", "tags", postgresql_using="gin"),)

    relationship_id: Mapped[UUID] = mapped_column(
        ForeignKey("management_relationship.id", ondelete="CASCADE"), primary_key=True
    )
    customer_tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenant.id"))
    display_name: Mapped[str | None]
    notes: Mapped[str | None]
    tags: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    billing_reports_enabled: Mapped[bool] = mapped_column(default=False)
    billing_recipients: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    service_reports_enabled: Mapped[bool] = mapped_column(default=False)
    service_recipients: Mapped[list[str]] = mapped_column(default=list, server_default="{}")

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """As the relationship."""
        return customers_in_reach(cls.tenant_id, cls.customer_tenant_id, powers)


class CustomerPin(TenantOwned, Base):
    """A customer that one user of the partner keeps at hand (B39, AMB-22)."""

    __tablename__ = "customer_pin"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    relationship_id: Mapped[UUID] = mapped_column(
        ForeignKey("management_relationship.id", ondelete="CASCADE"), primary_key=True
    )
    pinned_at: Mapped[datetime]

    @classmethod
    def visible_to(cls, _powers: Powers) -> ColumnElement[bool]:
        """The user who pinned."""
        return and_(own_tenant(cls.tenant_id), cls.user_id == binds.USER)


class ProviderOptionPolicy(Identified, TenantOwned, Timestamped, Base):
    """Whether a partner hides an option from one customer, or by default from all (customer_tenant_id null)."""

    __tablename__ = "provider_option_policy"
    __table_args__ = (
        UniqueConstraint("tenant_id", "customer_tenant_id", "option", postgresql_nulls_not_distinct=True),
    )

    customer_tenant_id: Mapped[UUID | None] = mapped_column(ForeignKey("tenant.id"))
    option: Mapped[ProviderOption]
    hidden: Mapped[bool]

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """The partner: the customer never learns who hid what (spec 5.5)."""
        own = own_tenant(cls.tenant_id)
        if not powers.grouped:
            return own
        return and_(own, or_(cls.customer_tenant_id.is_(None), in_customer_groups(cls.customer_tenant_id)))
