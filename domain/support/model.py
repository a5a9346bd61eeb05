"""What the platform publishes for everybody: regions with working hours, response targets, channels, agreements."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, UniqueConstraint, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from authz.powers import Powers
from domain.base import Base, Identified
from domain.support.clock import SlaClock


class SignInKind(StrEnum):
    """With what kind of account someone signs in; channels differ in which they take (D9, D11)."""

    LOCAL = "LOCAL"
    MICROSOFT = "MICROSOFT"
    MPN = "MPN"
    OFFICE_PORTAL = "OFFICE_PORTAL"
    AZURE_SUBSCRIPTION = "AZURE_SUBSCRIPTION"
    GOOGLE = "GOOGLE"
    SALESFORCE = "SALESFORCE"


class PartnerPrivilege(StrEnum):
    """What a partner needs at its customer to use a channel on its behalf (D9)."""

    NONE = "NONE"
    DELEGATED_ADMIN = "DELEGATED_ADMIN"
    SUBSCRIPTION_WRITE = "SUBSCRIPTION_WRITE"


class AgreementKind(StrEnum):
    """What somebody accepts in a version of its own."""

    PRIVACY = "PRIVACY"
    SERVICES = "SERVICES"


class Published:
    """Rows of the platform tenant that everybody reads and only operators change."""

    @classmethod
    def visible_to(cls, _powers: Powers) -> ColumnElement[bool]:
        """Everybody."""
        return true()


class SupportRegion(Published, Identified, Base):
    """A part of the world with its own working hours (E17)."""

    __tablename__ = "support_region"

    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    timezone: Mapped[str]
    countries: Mapped[list[str]]
    is_default: Mapped[bool] = mapped_column(default=False)


class CalendarInterval(Published, Identified, Base):
    """Working time on one weekday (0 = Monday), in local minutes after midnight, half-open; 1440 is the day's end."""

    __tablename__ = "calendar_interval"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("0 <= start_minute AND start_minute < end_minute AND end_minute <= 1440", name="minutes"),
    )

    region_id: Mapped[UUID] = mapped_column(ForeignKey("support_region.id"), index=True)
    weekday: Mapped[int]
    start_minute: Mapped[int]
    end_minute: Mapped[int]


class CalendarException(Published, Identified, Base):
    """A date whose working time differs from its weekday's: `intervals` of [start, end] minutes, none when closed.

    A `removed` one is none: it keeps its day from being published again.
    """

    __tablename__ = "calendar_exception"
    __table_args__ = (UniqueConstraint("region_id", "on_date"),)

    region_id: Mapped[UUID] = mapped_column(ForeignKey("support_region.id"))
    on_date: Mapped[date]
    intervals: Mapped[list[Any]] = mapped_column(JSONB)
    name: Mapped[str]
    removed: Mapped[bool] = mapped_column(default=False, server_default="false")


class SlaPolicy(Published, Identified, Base):
    """What is promised to those with a plan of this name; the one without a plan is for all others (spec 7).

    The database counts `version` up with every change of a target.
    """

    __tablename__ = "sla_policy"
    __table_args__ = (UniqueConstraint("plan_name", postgresql_nulls_not_distinct=True),)

    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    plan_name: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class SlaTarget(Published, Identified, Base):
    """Within how many minutes a ticket of this severity is answered and resolved (spec 7)."""

    __tablename__ = "sla_target"
    __table_args__ = (
        UniqueConstraint("policy_id", "severity"),
        CheckConstraint("severity BETWEEN 1 AND 5", name="severity"),
        CheckConstraint(
            "response_minutes BETWEEN 1 AND 527040 AND resolution_minutes BETWEEN response_minutes AND 527040",
            name="minutes",
        ),
    )

    policy_id: Mapped[UUID] = mapped_column(ForeignKey("sla_policy.id"))
    severity: Mapped[int]
    response_minutes: Mapped[int]
    resolution_minutes: Mapped[int]
    clock: Mapped[SlaClock]


class SupportChannel(Published, Identified, Base):
    """Where requests for a service are made, and what they need there (D9)."""

    __tablename__ = "support_channel"

    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    requires_support_contract: Mapped[bool]
    required_partner_privilege: Mapped[PartnerPrivilege]
    sign_in_kind: Mapped[SignInKind]


class Agreement(Published, Identified, Base):
    """One version of a text that must be accepted (A12, D22); the newest of its kind is the current one."""

    __tablename__ = "agreement"
    __table_args__ = (UniqueConstraint("kind", "version"),)

    kind: Mapped[AgreementKind]
    version: Mapped[str]
    url: Mapped[str]
    published_at: Mapped[datetime]
