"""Organisations, the people in them, and what their roles are."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, Computed, ForeignKey, Index, UniqueConstraint, and_, exists, or_
from sqlalchemy.orm import Mapped, mapped_column

from authz import binds
from authz.permissions import Permission
from authz.powers import Powers
from authz.roles import Role
from domain.base import Base, CustomerOwned, Identified, TenantOwned, Timestamped, Versioned
from domain.support.model import SignInKind
from domain.tenants.reach import own_tenant, within_reach

SESSION_TIMEOUT_MINUTES = 720
ASSIGNABLE = (Role.AGENT, Role.AGENT_LEAD)
"""Who can be given tickets."""


class TenantKind(StrEnum):
    """What a tenant is to the platform."""

    PLATFORM = "PLATFORM"
    PARTNER = "PARTNER"
    CUSTOMER = "CUSTOMER"


class Environment(StrEnum):
    """The cloud in which a tenant's services run; rows of one never link to rows of the other (spec 4.3, 14)."""

    COMMERCIAL = "COMMERCIAL"
    US_GOVERNMENT = "US_GOVERNMENT"


class PartnerType(StrEnum):
    """How a partner sells, which decides whether it may ask for support on behalf of a customer (AMB-7)."""

    DIRECT = "DIRECT"
    INDIRECT_PROVIDER = "INDIRECT_PROVIDER"
    INDIRECT_RESELLER = "INDIRECT_RESELLER"


class TenantStatus(StrEnum):
    """Whether a tenant is in use."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"


class OrganizationTicketAccess(StrEnum):
    """What colleagues may do with each other's tickets (AMB-6)."""

    NONE = "NONE"
    VIEW = "VIEW"
    VIEW_AND_REPLY = "VIEW_AND_REPLY"


class UserStatus(StrEnum):
    """The life of an account (spec 4.2)."""

    PRE_PROVISIONED = "PRE_PROVISIONED"
    PENDING_PASSWORD = "PENDING_PASSWORD"
    ACTIVE = "ACTIVE"
    DISABLED = "DISABLED"
    DELETED = "DELETED"


class MembershipStatus(StrEnum):
    """Whether a membership counts."""

    ACTIVE = "ACTIVE"
    DISABLED = "DISABLED"


class Tenant(Identified, Timestamped, Versioned, Base):
    """An organisation with its own users, settings and rows.

    `managing_partner_id` is the partner of its live relationship, in either mode; `hidden_options` are the options that
    this partner hides from it (spec 5.5). The database derives both.
    """

    __tablename__ = "tenant"
    __table_args__ = (
        CheckConstraint("(kind = 'PARTNER') = (partner_type IS NOT NULL)", name="partner_type_of_partners"),
        Index("ix_tenant_managing_partner_id", "managing_partner_id"),
    )

    kind: Mapped[TenantKind]
    name: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    environment: Mapped[Environment] = mapped_column(default=Environment.COMMERCIAL)
    country: Mapped[str | None]
    support_region_id: Mapped[UUID | None] = mapped_column(ForeignKey("support_region.id"))
    status: Mapped[TenantStatus] = mapped_column(default=TenantStatus.ACTIVE)
    partner_type: Mapped[PartnerType | None]
    features: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    managing_partner_id: Mapped[UUID | None]
    hidden_options: Mapped[list[str]] = mapped_column(default=list, server_default="{}")

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """Its own people and those who take part in its tickets, its managing partner, and platform staff."""
        if powers.role is Role.PARTICIPANT:
            return own_tenant(cls.id)
        return within_reach(cls.id, cls.managing_partner_id, powers)


class TenantSecuritySettings(CustomerOwned, Timestamped, Versioned, Base):
    """Administration > Security (A22, A31).

    Whoever proves an address of `sign_up_domains` and is of no organisation joins this one, unless members of others
    have addresses there (C6, docs/adr/0015).
    """

    __tablename__ = "tenant_security_settings"
    __table_args__ = (Index("ix_tenant_security_settings_sign_up_domains", "sign_up_domains", postgresql_using="gin"),)

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenant.id"), primary_key=True)
    temporary_support_accounts_allowed: Mapped[bool] = mapped_column(default=True)
    organization_ticket_access: Mapped[OrganizationTicketAccess] = mapped_column(
        default=OrganizationTicketAccess.VIEW_AND_REPLY
    )
    session_timeout_minutes: Mapped[int] = mapped_column(default=SESSION_TIMEOUT_MINUTES)
    trusted_ips: Mapped[list[str]] = mapped_column(default=list)
    sign_up_domains: Mapped[list[str]] = mapped_column(default=list, server_default="{}")

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """The tenant, and its managing partner, whose requests on its behalf they bind (spec 5.5)."""
        return within_reach(cls.tenant_id, cls.managing_partner_id, powers)


class User(Identified, Timestamped, Base):
    """A person, who may be a member of several tenants. `email` is kept in lower case."""

    __tablename__ = "user_account"
    __table_args__ = (
        UniqueConstraint("email", "identity_provider"),
        CheckConstraint("email = lower(email)", name="email_in_lower_case"),
        Index("ix_user_account_email_domain", "email_domain"),
    )

    email: Mapped[str]
    email_domain: Mapped[str | None] = mapped_column(Computed("substring(email FROM '@([^@]+)$')", persisted=True))
    identity_provider: Mapped[str] = mapped_column(default="local")
    first_name: Mapped[str]
    last_name: Mapped[str]
    sign_in_kind: Mapped[SignInKind] = mapped_column(default=SignInKind.LOCAL)
    password_hash: Mapped[str | None]
    email_verified_at: Mapped[datetime | None]
    status: Mapped[UserStatus] = mapped_column(default=UserStatus.ACTIVE)
    language: Mapped[str | None]

    @property
    def name(self) -> str:
        """First and last name, as shown to others."""
        return f"{self.first_name} {self.last_name}".strip()

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """Oneself, and whoever has a membership that the actor sees."""
        membership = exists().where(Membership.user_id == cls.id, Membership.visible_to(powers))
        return or_(cls.id == binds.USER, membership)


class CustomRole(Identified, TenantOwned, Timestamped, Versioned, Base):
    """Permission keys and categories that a tenant puts together itself (spec 5.1); denials beat allowances."""

    __tablename__ = "custom_role"
    __table_args__ = (UniqueConstraint("tenant_id", "name"),)

    name: Mapped[str]
    permissions: Mapped[list[str]]
    denied_permissions: Mapped[list[str]] = mapped_column(default=list, server_default="{}")

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """Those of its tenant."""
        return within_reach(cls.tenant_id, None, powers)


class Membership(Identified, CustomerOwned, Timestamped, Base):
    """A user's role in one tenant."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("tenant_id", "user_id"),
        Index("ix_membership_user_id", "user_id"),
        Index(
            "uq_membership_tenant_owner",
            "tenant_id",
            unique=True,
            postgresql_where="role = 'TENANT_OWNER'",
        ),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    role: Mapped[Role]
    custom_role_id: Mapped[UUID | None] = mapped_column(ForeignKey("custom_role.id"))
    status: Mapped[MembershipStatus] = mapped_column(default=MembershipStatus.ACTIVE)

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """One's own; the owner of every tenant in reach (A10); all others for holders of `user:read`.

        Who assigns tickets sees those of its colleagues who can be given some.
        """
        reach = within_reach(cls.tenant_id, cls.managing_partner_id, powers)
        own = cls.user_id == binds.USER
        if powers.holds(Permission.USER_READ):
            return or_(own, reach)
        seen = [own, and_(reach, cls.role == Role.TENANT_OWNER)]
        if powers.holds(Permission.TICKET_ASSIGN):
            seen.append(and_(own_tenant(cls.tenant_id), cls.role.in_(ASSIGNABLE)))
        return or_(*seen)


class MembershipServiceScope(TenantOwned, Base):
    """One service that an application administrator may work with (A2); none means nothing."""

    __tablename__ = "membership_service_scope"

    membership_id: Mapped[UUID] = mapped_column(ForeignKey("membership.id", ondelete="CASCADE"), primary_key=True)
    service_id: Mapped[UUID] = mapped_column(primary_key=True)

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """Those of its tenant."""
        return within_reach(cls.tenant_id, None, powers)
