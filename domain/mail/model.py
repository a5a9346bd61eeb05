"""What became of mail: one row for each that was to leave, one for each that came in."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, false, true
from sqlalchemy.orm import Mapped, mapped_column

from authz.permissions import Permission
from authz.powers import Powers
from domain.base import Base, Identified, TenantOwned


class DeliveryStatus(StrEnum):
    """How far a mail has come."""

    QUEUED = "QUEUED"
    SENT = "SENT"
    SUPPRESSED = "SUPPRESSED"
    DEAD = "DEAD"


class InboundOutcome(StrEnum):
    """What was done with a mail that came in."""

    ACCEPTED = "ACCEPTED"
    REFUSED = "REFUSED"


def _visible_to(powers: Powers) -> ColumnElement[bool]:
    """Holders of `mail:read` among the platform's staff: the log has people's addresses, from every tenant."""
    return true() if powers.is_platform and powers.holds(Permission.MAIL_READ) else false()


class MailDelivery(TenantOwned, Base):
    """One mail to one address; its id is that of the outbox event, so that an event is never two mails.

    `message` is the mail itself, kept in demo mode alone. `last_error` is what the mail server said. It states the
    privacy agreement of `agreement_version`, which whoever answers it with files accepts (A12).
    """

    __tablename__ = "mail_delivery"
    __table_args__ = (
        CheckConstraint("(status = 'QUEUED') = (ended_at IS NULL)", name="ended"),
        Index("ix_mail_delivery_created_at", "created_at", "id"),
        Index("ix_mail_delivery_ticket_id", "ticket_id"),
        Index("ix_mail_delivery_ended_at", "ended_at", postgresql_where="ended_at IS NOT NULL"),
        Index("ix_mail_delivery_due_at", "due_at", postgresql_where="status = 'QUEUED'"),
    )

    id: Mapped[UUID] = mapped_column(ForeignKey("outbox_event.id"), primary_key=True)
    ticket_id: Mapped[UUID | None] = mapped_column(ForeignKey("ticket.id"))
    recipient: Mapped[str]
    template: Mapped[str]
    status: Mapped[DeliveryStatus] = mapped_column(default=DeliveryStatus.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    last_error: Mapped[str | None]
    message_id: Mapped[str | None]
    message: Mapped[str | None] = mapped_column(deferred=True)
    agreement_version: Mapped[str | None]
    created_at: Mapped[datetime]
    due_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    def sent(self, message_id: str, at: datetime, message: str | None, agreement_version: str | None) -> None:
        """The mail server has taken it."""
        self._end(DeliveryStatus.SENT, at)
        self.message_id, self.message, self.last_error = message_id, message, None
        self.agreement_version = agreement_version

    def suppress(self, reason: str, at: datetime) -> None:
        """It must not leave any more."""
        self._end(DeliveryStatus.SUPPRESSED, at)
        self.last_error = reason

    def postpone(self, until: datetime) -> None:
        """It is not to leave before then."""
        self.due_at = until

    def failed(self, error: str, again_at: datetime | None, at: datetime) -> None:
        """An attempt failed; without `again_at` it was the last."""
        self.last_error = error
        if again_at is None:
            self._end(DeliveryStatus.DEAD, at)
        else:
            self.due_at = again_at

    def _end(self, status: DeliveryStatus, at: datetime) -> None:
        self.status, self.ended_at = status, at

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """See `_visible_to`."""
        return _visible_to(powers)


class InboundMail(Identified, Base):
    """A mail that came in: what was done with it, and why."""

    __tablename__ = "inbound_mail"
    __table_args__ = (
        Index("ix_inbound_mail_sender", "sender", "received_at"),
        Index("ix_inbound_mail_received_at", "received_at", "id"),
        Index("uq_inbound_mail_accepted", "message_id", unique=True, postgresql_where="outcome = 'ACCEPTED'"),
    )

    received_at: Mapped[datetime]
    sender: Mapped[str]
    message_id: Mapped[str | None]
    ticket_id: Mapped[UUID | None] = mapped_column(ForeignKey("ticket.id"))
    outcome: Mapped[InboundOutcome]
    reason: Mapped[str]

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """See `_visible_to`."""
        return _visible_to(powers)
