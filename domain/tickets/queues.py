"""The queues of who looks after tickets: one condition each, for lists and for their numbers (spec 7)."""

from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, true

from authz import binds
from domain.tickets.model import OPEN_STATUSES, Ticket, TicketStatus


class TicketQueue(StrEnum):
    """Open tickets, by what they ask of whoever looks after them; one may be in several."""

    UNASSIGNED = "UNASSIGNED"
    MINE = "MINE"
    AWAITING_REPLY = "AWAITING_REPLY"
    AT_RISK = "AT_RISK"
    BREACHED = "BREACHED"


def is_open() -> ColumnElement[bool]:
    """Neither resolved nor closed; written out, so that a prepared statement can use the index of open tickets."""
    statuses: Any = bindparam("open_statuses", OPEN_STATUSES, expanding=True, literal_execute=True)
    return Ticket.status.in_(statuses)


def in_queue(name: TicketQueue) -> ColumnElement[bool]:
    """Whether a ticket is in the queue at the instant of the request."""
    conditions = {
        TicketQueue.UNASSIGNED: Ticket.assignee_id.is_(None),
        TicketQueue.MINE: Ticket.assignee_id == binds.USER,
        TicketQueue.AWAITING_REPLY: Ticket.status == TicketStatus.AWAITING_REPLY,
        TicketQueue.AT_RISK: and_(_is_late().is_not(true()), _is_near()),
        TicketQueue.BREACHED: _is_late(),
    }
    return and_(is_open(), conditions[name])


def _is_late() -> ColumnElement[bool]:
    """A promise that is still owed was missed; a solution also where its clock rests since (`clock.state`)."""
    response = and_(Ticket.first_responded_at.is_(None), Ticket.response_due_at < binds.NOW)
    return or_(response, Ticket.resolution_due_at < func.coalesce(Ticket.resolution_stopped_at, binds.NOW))


def _is_near() -> ColumnElement[bool]:
    """Little time is left of a promise whose clock runs (`clock.at_risk_at`)."""
    response = and_(Ticket.first_responded_at.is_(None), Ticket.response_at_risk_at <= binds.NOW)
    return or_(response, and_(Ticket.resolution_stopped_at.is_(None), Ticket.resolution_at_risk_at <= binds.NOW))
