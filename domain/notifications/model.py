"""What people want to be told, and how; and the devices that they are told on (spec 3, 23)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from authz import binds
from authz.powers import Powers
from domain.base import Base, Identified, Versioned


class Channel(StrEnum):
    """By which way somebody is told."""

    MAIL = "MAIL"
    PUSH = "PUSH"
    IN_APP = "IN_APP"


class DevicePlatform(StrEnum):
    """What a device runs: gateways differ by it."""

    IOS = "IOS"
    ANDROID = "ANDROID"
    WEB = "WEB"


class NotificationPreferences(Versioned, Base):
    """A user's own; who has none wants everything, at any hour.

    `switched_off` are kinds by channel, as `REPLY:MAIL`: what is added later is on until somebody switches it off.
    Quiet hours are local minutes after midnight, half-open; they may go over midnight.
    """

    __tablename__ = "notification_preferences"
    __table_args__ = (
        CheckConstraint(
            "(quiet_from_minute IS NULL) = (quiet_until_minute IS NULL)"
            " AND quiet_from_minute BETWEEN 0 AND 1439 AND quiet_until_minute BETWEEN 0 AND 1439"
            " AND quiet_from_minute <> quiet_until_minute",
            name="quiet_hours",
        ),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    switched_off: Mapped[list[str]] = mapped_column(default=list, server_default="{}")
    time_zone: Mapped[str] = mapped_column(default="UTC", server_default="UTC")
    quiet_from_minute: Mapped[int | None]
    quiet_until_minute: Mapped[int | None]

    @classmethod
    def visible_to(cls, _powers: Powers) -> ColumnElement[bool]:
        """One's own."""
        return cls.user_id == binds.USER


class Device(Identified, Base):
    """Where a user gets push, as long as the session in which it was registered goes on, and no longer.

    Its token is kept as a keyed hash to be found by, and encrypted to be used. `app_id` names the app to the gateway.
    """

    __tablename__ = "device"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    session_id: Mapped[UUID] = mapped_column(ForeignKey("sign_in_session.id", ondelete="CASCADE"), index=True)
    platform: Mapped[DevicePlatform]
    app_id: Mapped[str]
    name: Mapped[str | None]
    token_hash: Mapped[str] = mapped_column(unique=True)
    token_encrypted: Mapped[str]
    registered_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    @classmethod
    def visible_to(cls, _powers: Powers) -> ColumnElement[bool]:
        """One's own."""
        return cls.user_id == binds.USER
