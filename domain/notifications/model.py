"""What people want to be told, and how (spec 3, 23)."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from authz import binds
from authz.powers import Powers
from domain.base import Base, Versioned


class Channel(StrEnum):
    """By which way somebody is told."""

    MAIL = "MAIL"
    IN_APP = "IN_APP"


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
