"""The catalogue of services, and which of them a tenant has subscribed to."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, and_, false, not_, true
from sqlalchemy.orm import Mapped, mapped_column

from authz import binds
from authz.permissions import Permission
from authz.powers import Powers
from domain.base import Base, CustomerOwned, Identified, TenantOwned, Timestamped, Versioned
from domain.tenants.reach import own_tenant, within_reach


class ServiceFamily(StrEnum):
    """Where a service runs, which decides what contracts cover it (D26)."""

    CLOUD = "CLOUD"
    ON_PREMISES = "ON_PREMISES"


class SubscriptionKind(StrEnum):
    """How a subscription is paid."""

    TRIAL = "TRIAL"
    PAID = "PAID"
    POOLED = "POOLED"


class SubscriptionStatus(StrEnum):
    """Where a subscription stands (spec 4.2); EXPIRED is derived from its dates and never stored."""

    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    EXPIRED = "EXPIRED"
    ENDED = "ENDED"


class SetupStatus(StrEnum):
    """How far a service has been started (B9)."""

    NOT_STARTED = "NOT_STARTED"
    IN_PROGRESS = "IN_PROGRESS"
    PARTIALLY_STARTED = "PARTIALLY_STARTED"
    STARTED = "STARTED"


def within_service_scope(service_id: Any, powers: Powers) -> ColumnElement[bool]:
    """Services that an application administrator or a temporary support account may work with (A2, A18)."""
    return service_id == binds.SERVICES.any_() if powers.limited_to_services else true()


class Service(Identified, Timestamped, Base):
    """An online service of the catalogue that can be subscribed, supported and started."""

    __tablename__ = "service"

    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    family: Mapped[ServiceFamily]
    startable: Mapped[bool] = mapped_column(default=False)
    batch_editable: Mapped[bool] = mapped_column(default=False)
    asks_audience: Mapped[bool] = mapped_column(default=False)
    premium: Mapped[bool] = mapped_column(default=False)
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("support_channel.id"))
    addon_of: Mapped[list[str]] = mapped_column(default=list, server_default="{}")

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """Everybody, as far as they may work with services at all (A2, A18)."""
        return within_service_scope(cls.id, powers)


class SubscriptionPool(Identified, TenantOwned, Timestamped, Versioned, Base):
    """A partner's pooled licence, whose seats it assigns to customers (B55)."""

    __tablename__ = "subscription_pool"
    __table_args__ = (
        CheckConstraint("0 <= seats_assigned AND seats_assigned <= seats_total", name="seats_within_total"),
    )

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    seats_total: Mapped[int]
    seats_assigned: Mapped[int] = mapped_column(default=0)
    valid_until: Mapped[datetime]

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """The partner itself."""
        return own_tenant(cls.tenant_id) if powers.holds(Permission.SUBSCRIPTION_READ) else false()


class ServiceSubscription(Identified, CustomerOwned, Timestamped, Versioned, Base):
    """A tenant's licence for a service.

    `managing_partner_id` is the partner of the live relationship in either mode: licensing stays with it (spec 4.4).
    `hidden_when_expired` follows the partner's option EXPIRED_SERVICES (B21); the database derives both.
    """

    __tablename__ = "service_subscription"
    __table_args__ = (
        Index("ix_service_subscription_tenant_id", "tenant_id", "service_id"),
        Index("ix_service_subscription_managing_partner_id", "managing_partner_id", "service_id", "tenant_id"),
        CheckConstraint("seats >= 0", name="seats_not_negative"),
        CheckConstraint("valid_from < valid_until", name="validity"),
        CheckConstraint("status <> 'EXPIRED'", name="expiry_is_derived"),
        CheckConstraint("(kind = 'POOLED') = (pool_id IS NOT NULL)", name="pool_of_pooled"),
    )

    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    kind: Mapped[SubscriptionKind]
    pool_id: Mapped[UUID | None] = mapped_column(ForeignKey("subscription_pool.id"))
    seats: Mapped[int]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime]
    contract_ends_at: Mapped[datetime | None]
    status: Mapped[SubscriptionStatus] = mapped_column(default=SubscriptionStatus.ACTIVE)
    hidden_when_expired: Mapped[bool] = mapped_column(default=False, server_default="false")

    @classmethod
    def expired(cls) -> ColumnElement[bool]:
        """Whether its time is over, at the instant of the request (AMB-11, AMB-24: half-open)."""
        return cls.valid_until <= binds.NOW

    @classmethod
    def shown(cls) -> ColumnElement[bool]:
        """Expired services that the provider hides are shown to nobody but platform staff (B22)."""
        return not_(and_(cls.hidden_when_expired, cls.expired()))

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """The tenant within its user's service scope, its managing partner in either mode, platform staff."""
        reach = within_reach(cls.tenant_id, cls.managing_partner_id, powers)
        if powers.is_platform:
            return reach
        return and_(reach, within_service_scope(cls.service_id, powers), cls.shown())


class ServiceSetup(Identified, CustomerOwned, Timestamped, Base):
    """How far a subscribed service has been started (B9)."""

    __tablename__ = "service_setup"

    subscription_id: Mapped[UUID] = mapped_column(ForeignKey("service_subscription.id"), unique=True)
    service_id: Mapped[UUID] = mapped_column(ForeignKey("service.id"))
    status: Mapped[SetupStatus] = mapped_column(default=SetupStatus.NOT_STARTED)
    started_at: Mapped[datetime | None]
    started_by: Mapped[UUID | None]

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """The tenant within its user's service scope, its managing partner in PARTNER mode, platform staff."""
        reach = within_reach(cls.tenant_id, cls.managing_partner_id, powers)
        return and_(reach, within_service_scope(cls.service_id, powers))
