"""What whoever raised a ticket thinks of how it was looked after (spec 3, 31)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, mapped_column

from authz import binds
from authz.powers import Powers
from domain.base import Base, CustomerOwned, Identified
from domain.tickets.model import Ticket
from domain.tickets.reach import with_ticket


class TicketRating(Identified, CustomerOwned, Base):
    """One for a ticket: a score of 1 to 5, and in words, if any; `changed_at` is when it was thought over."""

    __tablename__ = "ticket_rating"
    __table_args__ = (UniqueConstraint("ticket_id"), CheckConstraint("score BETWEEN 1 AND 5", name="score"))

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"))
    score: Mapped[int]
    comment: Mapped[str]
    rated_by_user_id: Mapped[UUID]
    rated_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """The vendor's staff, as the ticket, and whoever gave it; nobody else of the organisation."""
        seen = with_ticket(cls, Ticket, powers)
        return seen if powers.is_platform else and_(seen, cls.rated_by_user_id == binds.USER)
