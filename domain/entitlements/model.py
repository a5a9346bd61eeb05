"""Support contracts and what is left on them."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    Numeric,
    UniqueConstraint,
    Uuid,
    and_,
    any_,
    false,
    func,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, aliased, mapped_column

from authz import binds
from authz.permissions import Permission
from authz.powers import Powers
from domain.base import Base, Identified, TenantOwned, Timestamped
from domain.services.model import ServiceFamily
from domain.tenants.reach import own_tenant


class Program(StrEnum):
    """The programme under which a contract was given (D26-D28)."""

    CORE = "CORE"
    SCS = "SCS"
    SCS_AZURE = "SCS_AZURE"
    ASFP = "ASFP"


CLOUD_ONLY = (Program.SCS, Program.SCS_AZURE, Program.ASFP)
"""Programmes whose contracts never cover a service on premises, whatever they were made eligible for (D26)."""


class ActivationPolicy(StrEnum):
    """When a contract starts (D39)."""

    PROACTIVE_ON_RENEWAL = "PROACTIVE_ON_RENEWAL"
    ON_REQUEST = "ON_REQUEST"


class ContractStatus(StrEnum):
    """Where a contract stands; EXPIRED and EXHAUSTED are derived and never stored (spec 4.2)."""

    PENDING_ACTIVATION = "PENDING_ACTIVATION"
    ACTIVE = "ACTIVE"
    EXHAUSTED = "EXHAUSTED"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"


class ContractSharing(StrEnum):
    """Who may link a contract (AMB-28)."""

    ANY_WITH_IDS = "ANY_WITH_IDS"
    OWN_TENANT = "OWN_TENANT"


class EntitlementUnit(StrEnum):
    """What a balance counts (D36)."""

    INCIDENT = "INCIDENT"
    HOUR = "HOUR"


class TransactionKind(StrEnum):
    """Why a balance changed (spec 4.1)."""

    GRANT = "GRANT"
    DEBIT = "DEBIT"
    CREDIT = "CREDIT"
    EXPIRE = "EXPIRE"
    ADJUST = "ADJUST"


class LinkedFromTenants(TenantOwned):
    """A row of a contract's holder that those see too who linked the contract.

    `linked_tenant_ids` are the tenants in which a live link exists; the database derives them, so that row-level
    security compares one column instead of looking links up.
    """

    linked_tenant_ids: Mapped[list[UUID]] = mapped_column(default=list, server_default="{}")


class SupportContract(Identified, LinkedFromTenants, Timestamped, Base):
    """A contract identified by its Access ID and Contract ID together (D4).

    Both are digits kept as text: leading zeros belong to them (D19). The Contract ID is the secret half: it is kept as
    a keyed hash for comparison and encrypted for sending it again (AMB-29, D41).
    """

    __tablename__ = "support_contract"
    __table_args__ = (
        UniqueConstraint("access_id", "contract_id_hash"),
        CheckConstraint("access_id ~ '^[0-9]+$'", name="access_id_is_digits"),
        CheckConstraint("valid_from < valid_until", name="validity"),
        CheckConstraint("status NOT IN ('EXPIRED', 'EXHAUSTED')", name="stored_status"),
        Index("ix_support_contract_tenant_id", "tenant_id", "id"),
    )

    access_id: Mapped[str]
    contract_id_hash: Mapped[str]
    contract_id_encrypted: Mapped[str]
    plan_name: Mapped[str]
    program: Mapped[Program]
    partner_number: Mapped[str | None]
    country: Mapped[str | None]
    region_id: Mapped[UUID | None] = mapped_column(ForeignKey("support_region.id"))
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime]
    activation_policy: Mapped[ActivationPolicy] = mapped_column(default=ActivationPolicy.ON_REQUEST)
    status: Mapped[ContractStatus] = mapped_column(default=ContractStatus.ACTIVE)
    sharing: Mapped[ContractSharing] = mapped_column(default=ContractSharing.ANY_WITH_IDS)

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """See `visible_contracts`."""
        return visible_contracts(cls, cls.id, powers)


class SupportContractEligibility(Identified, LinkedFromTenants, Base):
    """What a contract covers: one service, or a family of services (D17, D26)."""

    __tablename__ = "support_contract_eligibility"
    __table_args__ = (
        CheckConstraint("num_nonnulls(service_id, family) = 1", name="service_or_family"),
        Index("ix_support_contract_eligibility_contract_id", "contract_id"),
    )

    contract_id: Mapped[UUID] = mapped_column(ForeignKey("support_contract.id"))
    service_id: Mapped[UUID | None] = mapped_column(ForeignKey("service.id"))
    family: Mapped[ServiceFamily | None]

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """As the contract."""
        return visible_contracts(cls, cls.contract_id, powers)


class SupportContractLink(Identified, TenantOwned, Base):
    """A contract that a user has associated with a sign-in, once for all later requests (D5, D11)."""

    __tablename__ = "support_contract_link"
    __table_args__ = (
        Index(
            "uq_support_contract_link_live",
            "user_id",
            "tenant_id",
            "contract_id",
            "channel_id",
            unique=True,
            postgresql_where="revoked_at IS NULL",
        ),
        Index("ix_support_contract_link_contract_id", "contract_id"),
        Index("ix_support_contract_link_tenant_id", "tenant_id", "user_id"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    contract_id: Mapped[UUID] = mapped_column(ForeignKey("support_contract.id"))
    channel_id: Mapped[UUID] = mapped_column(ForeignKey("support_channel.id"))
    linked_at: Mapped[datetime] = mapped_column(server_default=func.now())
    revoked_at: Mapped[datetime | None]

    @classmethod
    def visible_to(cls, _powers: Powers) -> ColumnElement[bool]:
        """The user who linked."""
        return and_(own_tenant(cls.tenant_id), cls.user_id == binds.USER)


class Entitlement(Identified, LinkedFromTenants, Timestamped, Base):
    """A balance of incidents or hours on a contract (D2)."""

    __tablename__ = "entitlement"
    __table_args__ = (
        CheckConstraint("0 <= available AND available <= total", name="balance"),
        Index("ix_entitlement_contract_id", "contract_id", "id"),
        Index("ix_entitlement_tenant_id", "tenant_id", "id"),
    )

    contract_id: Mapped[UUID] = mapped_column(ForeignKey("support_contract.id"))
    unit: Mapped[EntitlementUnit]
    total: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    available: Mapped[Decimal] = mapped_column(Numeric(12, 2))

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """As the contract."""
        return visible_contracts(cls, cls.contract_id, powers)


class EntitlementTransaction(Identified, TenantOwned, Base):
    """One change of a balance; append-only (spec 4.3, 4 and 5)."""

    __tablename__ = "entitlement_transaction"
    __table_args__ = (
        CheckConstraint("quantity > 0 OR kind = 'ADJUST'", name="quantity"),
        CheckConstraint("(kind = 'CREDIT') = (debit_id IS NOT NULL)", name="credit_has_debit"),
        CheckConstraint("kind NOT IN ('DEBIT', 'CREDIT') OR ticket_id IS NOT NULL", name="ticket_of_debit"),
        CheckConstraint(
            "kind <> 'ADJUST' OR (quantity <> 0 AND coalesce(reason, '') <> '')", name="reason_of_adjustment"
        ),
        Index("uq_entitlement_transaction_debit", "ticket_id", unique=True, postgresql_where="kind = 'DEBIT'"),
        Index("uq_entitlement_transaction_credit", "ticket_id", unique=True, postgresql_where="kind = 'CREDIT'"),
        Index("ix_entitlement_transaction_entitlement_id", "entitlement_id", "occurred_at", "id"),
        Index("ix_entitlement_transaction_ticket_id", "ticket_id"),
    )

    entitlement_id: Mapped[UUID] = mapped_column(ForeignKey("entitlement.id"))
    ticket_id: Mapped[UUID | None]
    debit_id: Mapped[UUID | None] = mapped_column(ForeignKey("entitlement_transaction.id"))
    kind: Mapped[TransactionKind]
    quantity: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    actor_user_id: Mapped[UUID | None]
    reason: Mapped[str | None]
    occurred_at: Mapped[datetime] = mapped_column(server_default=func.now())

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """Those who manage contracts in the tenant that holds it, and platform staff."""
        if powers.is_platform:
            return true()
        return own_tenant(cls.tenant_id) if powers.holds(Permission.CONTRACT_MANAGE) else false()


def visible_contracts(row: type[LinkedFromTenants], contract_id: Any, powers: Powers) -> ColumnElement[bool]:
    """Rows of contracts that the actor linked itself in the acting tenant (D5).

    Partners see those that any of their users linked (spec 4.4); partners and those who manage contracts see what the
    tenant holds, too. Platform staff see all.
    """
    if not (powers.holds(Permission.CONTRACT_READ) or powers.holds(Permission.ENTITLEMENT_READ)):
        return false()
    if powers.is_platform:
        return true()
    linked: ColumnElement[bool] = contract_id == any_(linked_contracts(powers))
    if powers.is_partner or powers.holds(Permission.CONTRACT_MANAGE):
        return or_(own_tenant(row.tenant_id), linked)
    return linked


def linked_contracts(powers: Powers, *conditions: Callable[[Any], ColumnElement[bool]]) -> ColumnElement[Any]:
    """An array of the contracts that the actor linked in the acting tenant, read once a statement.

    For a partner's user also those that its colleagues linked. `conditions` narrow the links down.
    """
    link = aliased(SupportContractLink)
    mine = [] if powers.is_partner else [link.user_id == binds.USER]
    found = select(link.contract_id).where(
        own_tenant(link.tenant_id), link.revoked_at.is_(None), *mine, *(condition(link) for condition in conditions)
    )
    return func.array(found.scalar_subquery(), type_=ARRAY(Uuid()))
