# mypy: disable-error-code="import-not-found, call-arg, misc"
# Where SQLModel is not installed, outside of the benchmark's own environment.
"""The tables that partners read."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import DateTime, Enum, FetchedValue, Numeric, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from domain.base import new_id


@strawberry.enum
class TicketStatus(StrEnum):
    """Where a ticket stands."""

    OPEN = "OPEN"
    AWAITING_REPLY = "AWAITING_REPLY"
    RESOLVED = "RESOLVED"
    CLOSED = "CLOSED"


@strawberry.enum
class ServiceFamily(StrEnum):
    """Where a service runs."""

    CLOUD = "CLOUD"
    ON_PREMISES = "ON_PREMISES"


@strawberry.enum
class EntitlementUnit(StrEnum):
    """What a balance counts."""

    INCIDENT = "INCIDENT"
    HOUR = "HOUR"


OPEN = (TicketStatus.OPEN, TicketStatus.AWAITING_REPLY)


def instant(**options: Any) -> Any:
    """A column of an instant."""
    return Field(sa_type=DateTime(timezone=True), **options)


def texts() -> Any:
    """A column of a list of texts."""
    return Field(sa_type=ARRAY(Text), default_factory=list)


def choice(values: type[StrEnum]) -> Any:
    """A column of one of some words, which are kept as text."""
    return Field(sa_type=Enum(values, native_enum=False))


class Customer(SQLModel, table=True):
    """The relationship of a partner to a customer."""

    __tablename__ = "management_relationship"

    id: UUID = Field(primary_key=True)
    tenant_id: UUID
    customer_tenant_id: UUID
    mode: str
    status: str
    registered_account: str
    organization_name: str
    search_name: str
    country: str | None
    created_at: datetime = instant()


class Profile(SQLModel, table=True):
    """What the partner keeps about a customer."""

    __tablename__ = "customer_profile"

    relationship_id: UUID = Field(primary_key=True, foreign_key="management_relationship.id")
    tags: list[str] = texts()


class Service(SQLModel, table=True):
    """A service of the catalogue."""

    __tablename__ = "service"

    id: UUID = Field(primary_key=True)
    key: str
    name: str
    family: ServiceFamily = choice(ServiceFamily)
    startable: bool
    premium: bool


class Subscription(SQLModel, table=True):
    """A service of a tenant."""

    __tablename__ = "service_subscription"

    id: UUID = Field(primary_key=True)
    tenant_id: UUID
    managing_partner_id: UUID | None
    service_id: UUID = Field(foreign_key="service.id")
    status: str
    valid_from: datetime = instant()
    valid_until: datetime = instant()
    hidden_when_expired: bool


class Entitlement(SQLModel, table=True):
    """A balance of a support contract."""

    __tablename__ = "entitlement"

    id: UUID = Field(primary_key=True)
    tenant_id: UUID
    contract_id: UUID
    unit: EntitlementUnit = choice(EntitlementUnit)
    total: Decimal = Field(sa_type=Numeric(12, 2))
    available: Decimal = Field(sa_type=Numeric(12, 2))


class ContractLink(SQLModel, table=True):
    """A contract that somebody linked."""

    __tablename__ = "support_contract_link"

    id: UUID = Field(primary_key=True)
    tenant_id: UUID
    contract_id: UUID
    revoked_at: datetime | None = instant()


class Ticket(SQLModel, table=True):
    """A request for support."""

    __tablename__ = "ticket"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    tenant_id: UUID
    desk_id: UUID | None = Field(default=None, sa_column_kwargs={"server_default": FetchedValue()})
    number: str | None = Field(default=None, sa_column_kwargs={"server_default": FetchedValue()})
    kind: str
    origin: str
    status: TicketStatus = choice(TicketStatus)
    visibility: str
    service_id: UUID | None = None
    issue_type: str | None = None
    severity: int | None = None
    summary: str
    details: str
    job_ids: list[str] = texts()
    contact_name: str
    contact_email: str
    contact_phone: str | None = None
    requester_user_id: UUID
    requester_tenant_id: UUID
    requester_name: str
    requester_side: str
    tenant_owner_user_id: UUID | None = None
    tenant_owner_name: str | None = None
    tenant_owner_email: str | None = None
    region_id: UUID | None = None
    sla_policy_id: UUID | None = None
    sla_policy_version: int | None = None
    response_minutes: int | None = None
    response_clock: str | None = None
    response_due_at: datetime | None = instant(default=None)
    response_at_risk_at: datetime | None = instant(default=None)
    resolution_minutes: int | None = None
    resolution_clock: str | None = None
    resolution_due_at: datetime | None = instant(default=None)
    resolution_at_risk_at: datetime | None = instant(default=None)
    reopened_count: int = 0
    version: int = 1
    created_at: datetime = instant()
    last_public_activity_at: datetime = instant()


class Participant(SQLModel, table=True):
    """Somebody who takes part in a ticket."""

    __tablename__ = "ticket_participant"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    tenant_id: UUID
    ticket_id: UUID = Field(foreign_key="ticket.id")
    user_id: UUID | None = None
    email: str
    name: str | None = None
    kind: str
    can_reply: bool = True
    added_at: datetime = instant()


class TicketEvent(SQLModel, table=True):
    """Something that happened to a ticket."""

    __tablename__ = "ticket_event"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    tenant_id: UUID
    ticket_id: UUID = Field(foreign_key="ticket.id")
    occurred_at: datetime = instant()
    kind: str
    visibility: str
    actor_name: str
    actor_side: str


class Message(SQLModel, table=True):
    """A message of a ticket."""

    __tablename__ = "ticket_message"

    id: UUID = Field(primary_key=True)
    ticket_id: UUID = Field(foreign_key="ticket.id")
    author_name: str
    visibility: str
    body: str
    created_at: datetime = instant()
