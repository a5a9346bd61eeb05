"""Meetings with the advocate who looks after a ticket (E15): the table, and asking for them."""

from datetime import datetime
from enum import StrEnum
from typing import Any, NoReturn
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, Select, Uuid, bindparam, exists, func
from sqlalchemy.orm import Mapped, mapped_column

from authz import binds
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from authz.powers import Powers
from domain.base import Base, CustomerOwned, Identified, Timestamped, Versioned
from domain.errors import ErrorCode, refuse
from domain.support.calendars import calendars
from domain.tickets.criteria import viewer_standing
from domain.tickets.model import Ticket
from domain.tickets.reach import with_ticket
from domain.tickets.rights import STANDING_COLUMNS
from domain.tickets.slots import Slot
from execution.paging import Key, Listing
from execution.relation import Parents

TICKET = bindparam("ticket_id", type_=Uuid())


class AppointmentStatus(StrEnum):
    """Where a meeting stands; COMPLETED is derived from its time and never stored."""

    BOOKED = "BOOKED"
    CANCELLED = "CANCELLED"
    COMPLETED = "COMPLETED"
    NO_SHOW = "NO_SHOW"


class TicketAppointment(Identified, CustomerOwned, Timestamped, Versioned, Base):
    """One meeting. The database lets an advocate have one at a time begin (spec 7)."""

    __tablename__ = "ticket_appointment"
    __table_args__ = (
        CheckConstraint("status <> 'COMPLETED'", name="completion_is_derived"),
        CheckConstraint("starts_at < ends_at", name="ends_after_start"),
        Index("ix_ticket_appointment_ticket_id", "ticket_id", "starts_at", "id"),
        Index(
            "uq_ticket_appointment_advocate",
            "advocate_user_id",
            "starts_at",
            unique=True,
            postgresql_where="status = 'BOOKED'",
        ),
    )

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"))
    advocate_user_id: Mapped[UUID]
    advocate_name: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    status: Mapped[AppointmentStatus] = mapped_column(default=AppointmentStatus.BOOKED)

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """The vendor's staff, as the ticket, and whoever raised it; nobody else of the organisation (4.1, E20)."""
        seen = with_ticket(cls, Ticket, powers)
        raised = exists().where(Ticket.id == cls.ticket_id, Ticket.requester_user_id == binds.USER)
        return seen if powers.is_platform else seen & raised

    def move(self, slot: Slot, at: datetime) -> None:
        """Meet at another time."""
        self._refuse_unless_ahead(AppointmentStatus.BOOKED, at)
        self.starts_at, self.ends_at = slot

    def cancel(self, at: datetime) -> None:
        """Do not meet."""
        self._refuse_unless_ahead(AppointmentStatus.CANCELLED, at)
        self.status = AppointmentStatus.CANCELLED

    def miss(self, at: datetime) -> None:
        """Say that nobody came: not before it has begun, and as long after it as somebody likes (spec 4.2)."""
        if self.status is not AppointmentStatus.BOOKED or at < self.starts_at:
            message = "This meeting has not begun, was cancelled, or is known to have been missed."
            self._refuse(AppointmentStatus.NO_SHOW, at, message)
        self.status = AppointmentStatus.NO_SHOW

    def _refuse_unless_ahead(self, to: AppointmentStatus, at: datetime) -> None:
        if state_of(self.status, self.ends_at, at) is not AppointmentStatus.BOOKED:
            self._refuse(to, at, "This meeting is over, or was cancelled.")

    def _refuse(self, to: AppointmentStatus, at: datetime, message: str) -> NoReturn:
        state = state_of(self.status, self.ends_at, at)
        states: dict[str, Any] = {"from_": state.value, "to": to.value, "allowed": []}
        refuse(ErrorCode.INVALID_TRANSITION, message, **states)


def state_of(status: AppointmentStatus, ends_at: datetime, at: datetime) -> AppointmentStatus:
    """The status, with COMPLETED from the very instant of the end on."""
    over = status is AppointmentStatus.BOOKED and at >= ends_at
    return AppointmentStatus.COMPLETED if over else status


@requires(Permission.TICKET_READ)
def of_tickets(grant: Grant, parents: Parents) -> Listing:
    """The meetings about these tickets, in the order in which they are held."""
    statement = _appointments(grant).where(parents.match(TicketAppointment.ticket_id))
    return Listing(statement, (Key(TicketAppointment.starts_at), Key(TicketAppointment.id)))


@requires(Permission.TICKET_READ)
def by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Meetings by their ids."""
    return _appointments(grant).where(parents.match(TicketAppointment.id))


@requires(Permission.APPOINTMENT_BOOK)
def agenda(grant: Grant) -> Select[Any]:
    """What decides about meetings on the ticket `ticket_id`: who may, by which calendar, and what is taken."""
    return agenda_of(grant)


def agenda_of(grant: Grant) -> Select[Any]:
    """The same as a recipe of a command."""
    calendar = calendars()
    plain = (getattr(Ticket, name) for name in STANDING_COLUMNS if not name.startswith("viewer_"))
    busy = func.advocate_busy(Ticket.assignee_id, binds.NOW).label("busy")
    columns = (*plain, *viewer_standing(grant.powers), Ticket.issue_type, calendar.c.calendar, busy)
    found = grant.select(Ticket, *columns).outerjoin(calendar, calendar.c.region_id == Ticket.region_id)
    return found.where(Ticket.id == TICKET)


def _appointments(grant: Grant) -> Select[Any]:
    return grant.rows_of(TicketAppointment).add_columns(binds.NOW.label("now"))
