"""What whoever raised a ticket thinks of how it was looked after (spec 3, 31)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Select, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, mapped_column

from authz import binds
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from authz.powers import Powers
from domain.base import Base, CustomerOwned, Identified, new_id
from domain.errors import ErrorCode, Problems, refuse
from domain.support.text import check_text
from domain.tickets.access import ticket_for
from domain.tickets.events import TicketEventKind, happened, logged
from domain.tickets.model import OPEN_STATUSES, Ticket
from domain.tickets.reach import with_ticket
from execution.relation import Parents

LONGEST_COMMENT = 2_000
SCORES = range(1, 6)
THINKING_OVER = timedelta(days=7)
"""How long a rating can be changed, once."""


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

    def change(self, score: int, comment: str, at: datetime) -> None:
        """Think it over, once, and not for ever."""
        if self.changed_at is not None or at >= self.rated_at + THINKING_OVER:
            refuse(ErrorCode.IRREVERSIBLE_TRANSITION, "A rating can be changed once, within seven days.")
        self.score, self.comment, self.changed_at = score, comment, at


@requires(Permission.TICKET_REPLY)
async def set_rating(grant: Grant, ticket_id: UUID, score: int, comment: str | None) -> UUID:
    """Say how a ticket was looked after, once it is over; the same again changes nothing."""
    ticket = await ticket_for(grant, ticket_id, "rate")
    problems = Problems()
    if score not in SCORES:
        problems.add(ErrorCode.OUT_OF_RANGE, "The score is 1 (bad) to 5 (very good).", "score")
    text = check_text(comment, problems, "comment", most=LONGEST_COMMENT, lines=True)
    problems.refuse_if_any()
    if ticket.status in OPEN_STATUSES:
        refuse(ErrorCode.TICKET_OPEN, "The ticket is still looked after: rate it once it is resolved.")
    found: TicketRating | None = await grant.first(_of_ticket(grant, ticket))
    before = found.score if found else None
    if found is None:
        grant.write(TicketRating, _row(grant, ticket, score, text))
    elif (found.score, found.comment) == (score, text):
        return ticket.id
    else:
        found.change(score, text, grant.now)
    # No word of it to whoever listens for the organisation, and no score in its log: that is for the vendor.
    happened(grant, ticket, TicketEventKind.RATED, before=str(before) if before else None, after=str(score))
    logged(grant, "ticket.rate", ticket, after={"number": ticket.number})
    return ticket.id


@requires(Permission.TICKET_READ)
def of_tickets(grant: Grant, parents: Parents) -> Select[Any]:
    """What their requesters think of these tickets."""
    return grant.rows_of(TicketRating).where(parents.match(TicketRating.ticket_id))


def _of_ticket(grant: Grant, ticket: Ticket) -> Select[Any]:
    return grant.select(TicketRating).where(TicketRating.ticket_id == ticket.id).with_for_update(of=TicketRating)


def _row(grant: Grant, ticket: Ticket, score: int, comment: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "tenant_id": ticket.tenant_id,
        "ticket_id": ticket.id,
        "score": score,
        "comment": comment,
        "rated_by_user_id": grant.actor.user_id,
        "rated_at": grant.now,
    }
