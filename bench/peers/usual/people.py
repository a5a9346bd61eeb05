# mypy: disable-error-code="import-not-found, call-arg, misc"
# Where SQLModel is not installed, outside of the benchmark's own environment.
"""The tables that say who asks and what is promised, and the records that a mutation leaves."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from bench.peers.usual.models import instant, texts
from domain.base import new_id


def document(**options: Any) -> Any:
    """A column of JSON."""
    return Field(sa_type=JSONB, **options)


class User(SQLModel, table=True):
    """An account."""

    __tablename__ = "user_account"

    id: UUID = Field(primary_key=True)
    email: str
    first_name: str
    last_name: str
    status: str

    @property
    def name(self) -> str:
        """As people call them."""
        return f"{self.first_name} {self.last_name}".strip()


class SignInSession(SQLModel, table=True):
    """A signed-in session."""

    __tablename__ = "sign_in_session"

    id: UUID = Field(primary_key=True)
    user_id: UUID = Field(foreign_key="user_account.id")
    expires_at: datetime = instant()
    revoked_at: datetime | None = instant()


class Tenant(SQLModel, table=True):
    """An organisation."""

    __tablename__ = "tenant"

    id: UUID = Field(primary_key=True)
    name: str
    status: str
    country: str | None
    support_region_id: UUID | None
    hidden_options: list[str] = texts()


class SecuritySettings(SQLModel, table=True):
    """What a tenant allows."""

    __tablename__ = "tenant_security_settings"

    tenant_id: UUID = Field(primary_key=True)
    temporary_support_accounts_allowed: bool


class Membership(SQLModel, table=True):
    """What a user is in a tenant."""

    __tablename__ = "membership"

    id: UUID = Field(primary_key=True)
    tenant_id: UUID = Field(foreign_key="tenant.id")
    user_id: UUID = Field(foreign_key="user_account.id")
    role: str
    status: str


class Region(SQLModel, table=True):
    """A support region."""

    __tablename__ = "support_region"

    id: UUID = Field(primary_key=True)
    key: str
    timezone: str
    is_default: bool
    countries: list[str] = texts()


class CalendarInterval(SQLModel, table=True):
    """When a region works."""

    __tablename__ = "calendar_interval"

    id: UUID = Field(primary_key=True)
    region_id: UUID
    weekday: int
    start_minute: int
    end_minute: int


class CalendarException(SQLModel, table=True):
    """A day on which it works otherwise."""

    __tablename__ = "calendar_exception"

    id: UUID = Field(primary_key=True)
    region_id: UUID
    on_date: date
    intervals: list[Any] = document()


class Policy(SQLModel, table=True):
    """What is promised to those with a plan, or to everybody else."""

    __tablename__ = "sla_policy"

    id: UUID = Field(primary_key=True)
    plan_name: str | None
    version: int


class Target(SQLModel, table=True):
    """What a policy promises for a severity."""

    __tablename__ = "sla_target"

    id: UUID = Field(primary_key=True)
    policy_id: UUID
    severity: int
    response_minutes: int
    resolution_minutes: int
    clock: str


class TemporaryAccount(SQLModel, table=True):
    """The vendor's account in a tenant."""

    __tablename__ = "temporary_support_account"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    tenant_id: UUID
    ticket_id: UUID
    service_id: UUID
    status: str = "ACTIVE"
    granted_at: datetime = instant()
    expires_at: datetime = instant()


class AuditEvent(SQLModel, table=True):
    """Who did what."""

    __tablename__ = "audit_event"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    tenant_id: UUID
    occurred_at: datetime = instant()
    actor_kind: str = "USER"
    actor_user_id: UUID
    actor_name: str
    acting_tenant_id: UUID
    acting_tenant_name: str
    session_id: UUID
    action: str
    object_type: str
    object_id: UUID
    before: dict[str, Any] | None = document(default=None)
    after: dict[str, Any] | None = document(default=None)
    ip_address: str
    request_id: str


class OutboxEvent(SQLModel, table=True):
    """What leaves the platform."""

    __tablename__ = "outbox_event"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    tenant_id: UUID
    topic: str
    payload: dict[str, Any] = document()


class IdempotencyRecord(SQLModel, table=True):
    """What a key stands for."""

    __tablename__ = "idempotency_record"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    tenant_id: UUID
    principal_id: UUID
    key: str
    operation: str
    body_hash: str
    result: dict[str, Any] | None = document(default=None)
