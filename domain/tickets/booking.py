"""Arranging meetings with the advocate of a ticket (E15, E17, E20, spec 7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import func, select

from authz.actor import Actor
from authz.errors import ForbiddenError
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.base import new_id
from domain.errors import ErrorCode, refuse
from domain.records.commands import announce, audit
from domain.records.turns import take_turn
from domain.support.calendars import calendar_of
from domain.support.opening_hours import TICK
from domain.support.working_time import Calendar
from domain.tickets.access import check_version, rights_at, ticket_for
from domain.tickets.appointments import AppointmentStatus, TicketAppointment, agenda_of
from domain.tickets.model import ParticipantKind, Ticket, TicketParticipant
from domain.tickets.notices import MAIL, facts, write_to
from domain.tickets.rights import Standing, rights
from domain.tickets.slots import AHEAD, LEAD, LONGEST_SEARCH, Slot, free_slots, length_of

BOOKED, RESCHEDULED, CANCELLED, NO_SHOW = "BOOKED", "RESCHEDULED", "CANCELLED", "NO_SHOW"


@dataclass(frozen=True, slots=True)
class Agenda:
    """When the advocate of a ticket works, how long a meeting is, and what is taken."""

    calendar: Calendar | None
    length: timedelta
    busy: Sequence[Slot]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Agenda":
        """From a row of `agenda`; refuses where nobody looks after the ticket."""
        if row["assignee_id"] is None:
            refuse(ErrorCode.NO_ADVOCATE_ASSIGNED, "Nobody looks after this ticket yet: meetings are with who does.")
        calendar = calendar_of(row["calendar"]) if row["calendar"] else None
        busy = [(datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in orjson.loads(row["busy"])]
        return cls(calendar, length_of(row["issue_type"]), busy)

    def free(self, since: datetime, until: datetime, now: datetime) -> list[Slot]:
        """What can still be booked that begins in [since, until)."""
        if self.calendar is None:
            return []
        first, last = max(since, now + LEAD), min(until, now + AHEAD)
        return list(free_slots(self.calendar, self.length, first, last, self.busy)) if first < last else []

    def beginning(self, starts_at: datetime, now: datetime) -> Slot | None:
        """The slot that begins at this very instant, if it can be booked."""
        if not now <= starts_at <= now + AHEAD:
            return None
        return next(iter(self.free(starts_at, starts_at + TICK, now)), None)


def offered(actor: Actor, row: Mapping[str, Any], since: datetime, until: datetime) -> list[Slot]:
    """The free slots of a row of `agenda`, for who may book one."""
    if not rights(actor, Standing.of_row(row)).book_appointment:
        raise ForbiddenError
    if not timedelta() <= until - since <= LONGEST_SEARCH:
        message = f"Ask for {LONGEST_SEARCH.days} days at most, which end after they begin."
        refuse(ErrorCode.OUT_OF_RANGE, message, "to")
    return Agenda.of(row).free(since, until, actor.now)


@requires(Permission.APPOINTMENT_BOOK)
async def book(
    grant: Grant, ticket_id: UUID, starts_at: datetime, expected_version: int | None
) -> dict[str, UUID | None]:
    """Meet the advocate at this time; with one meeting ahead there is no second."""
    ticket = await ticket_for(grant, ticket_id, "book_appointment", expected_version)
    ticket.meet(grant.now)
    if await grant.first(_ahead(grant, ticket)):
        refuse(ErrorCode.LIMIT_EXCEEDED, "There is a meeting ahead already: change that one.", limit=1, actual=2)
    slot = await _slot(grant, ticket, starts_at)
    appointment = TicketAppointment(
        id=new_id(),
        tenant_id=ticket.tenant_id,
        managing_partner_id=ticket.managing_partner_id,
        ticket_id=ticket.id,
        advocate_user_id=ticket.assignee_id,
        advocate_name=ticket.assignee_name,
        starts_at=slot[0],
        ends_at=slot[1],
    )
    grant.add(appointment)
    await _tell(grant, ticket, appointment, BOOKED)
    return {"ticket_id": ticket.id, "appointment_id": appointment.id}


@requires(Permission.APPOINTMENT_BOOK)
async def reschedule(
    grant: Grant, appointment_id: UUID, starts_at: datetime, expected_version: int | None
) -> dict[str, UUID | None]:
    """Meet at another time."""
    ticket, appointment = await _both(grant, appointment_id, expected_version)
    ticket.meet(grant.now)
    before = appointment.starts_at
    appointment.move(await _slot(grant, ticket, starts_at), grant.now)
    await _tell(grant, ticket, appointment, RESCHEDULED, before=before)
    return {"ticket_id": ticket.id, "appointment_id": appointment.id}


@requires(Permission.APPOINTMENT_BOOK)
async def cancel(grant: Grant, appointment_id: UUID, expected_version: int | None) -> dict[str, UUID | None]:
    """Do not meet."""
    ticket, appointment = await _both(grant, appointment_id, expected_version)
    appointment.cancel(grant.now)
    await _tell(grant, ticket, appointment, CANCELLED)
    return {"ticket_id": ticket.id, "appointment_id": appointment.id}


@requires(Permission.APPOINTMENT_BOOK)
async def mark_no_show(grant: Grant, appointment_id: UUID, expected_version: int | None) -> dict[str, UUID | None]:
    """Nobody came to the meeting: for the vendor's staff to say, which waited, also about a ticket that is closed."""
    ticket, appointment = await _both(grant, appointment_id, expected_version, of_vendor=True)
    appointment.miss(grant.now)
    await _tell(grant, ticket, appointment, NO_SHOW)
    return {"ticket_id": ticket.id, "appointment_id": appointment.id}


async def cancel_ahead(grant: Grant, ticket: Ticket) -> None:
    """Do not meet about a ticket that is over, or that somebody else looks after now."""
    appointment: TicketAppointment | None = await grant.first(_ahead(grant, ticket))
    if appointment is not None:
        appointment.cancel(grant.now)
        await _tell(grant, ticket, appointment, CANCELLED)


async def _both(
    grant: Grant, appointment_id: UUID, expected_version: int | None, *, of_vendor: bool = False
) -> tuple[Ticket, TicketAppointment]:
    """The meeting and its ticket, the ticket locked first, as everybody does; for `of_vendor`, its staff alone."""
    ticket_id = (await grant.get(TicketAppointment, appointment_id)).ticket_id
    ticket = await grant.get(Ticket, ticket_id, lock=True)
    if not (await rights_at(grant, ticket)).book_appointment or (of_vendor and not grant.actor.is_platform):
        raise ForbiddenError
    appointment: TicketAppointment = await grant.get(TicketAppointment, appointment_id, lock=True)
    check_version(appointment, expected_version)
    return ticket, appointment


async def _slot(grant: Grant, ticket: Ticket, starts_at: datetime) -> Slot:
    """The free slot that begins then; who looks for one of the same advocate waits until this is decided."""
    await take_turn(grant, "agenda", ticket.assignee_id)
    (row,) = await grant.rows(agenda_of, ticket_id=ticket.id)
    slot = Agenda.of(row).beginning(starts_at, grant.now)
    if slot is None:
        message = "This time is not free, or none at which meetings begin: choose one of `ticketAppointmentSlots`."
        refuse(ErrorCode.SLOT_TAKEN, message, "startsAt")
    return slot


def _ahead(grant: Grant, ticket: Ticket) -> Any:
    row = TicketAppointment
    wanted = (row.ticket_id == ticket.id, row.status == AppointmentStatus.BOOKED, row.ends_at > grant.now)
    return grant.select(row).where(*wanted).order_by(row.starts_at).limit(1)


async def _tell(
    grant: Grant, ticket: Ticket, appointment: TicketAppointment, change: str, before: datetime | None = None
) -> None:
    """Mail to both who meet, whoever of them it was, and a line in the log."""
    await grant.flush()
    times = {"starts_at": appointment.starts_at.isoformat(), "ends_at": appointment.ends_at.isoformat()}
    was = {"starts_at": before.isoformat()} if before else None
    action = f"appointment.{change.lower()}"
    concerned: dict[str, Any] = {"before": was, "after": times, "private_to": ticket.requester_user_id}
    audit(grant, action, "appointment", appointment.id, ticket.tenant_id, **concerned)
    more = {"change": change, "advocate": appointment.advocate_name, **times}
    write_to(grant, ticket, "ticket_appointment", await _requester(grant, ticket), **more)
    address = (await grant.run(select(func.advocate_address(appointment.advocate_user_id)))).scalar_one()
    if address:
        told = {name: value for name, value in facts(ticket).items() if name != "ticket_id"}  # they take no part in it
        announce(grant, MAIL, ticket.tenant_id, {"to": address, "template": "ticket_appointment", **told, **more})


async def _requester(grant: Grant, ticket: Ticket) -> list[str]:
    row = TicketParticipant
    people = grant.select(row, row.email).where(row.ticket_id == ticket.id, row.kind == ParticipantKind.REQUESTER)
    return list(await grant.all(people))
