"""Warnings before a promise is missed: mail to whoever looks after the ticket, in the region's working time (spec 7).

How a target stands is worked out as it is looked at, and stored nowhere. A warning's id is made of ticket, target, due
time and recipient, so that it is given once, however often it is looked for, and anew when something else is promised.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.dialects.postgresql import insert

from authz.roles import Role
from domain.records.model import OutboxEvent
from domain.support.calendars import calendar_of, calendars
from domain.support.clock import SlaState, SlaTarget, state
from domain.support.working_time import CalendarNeverOpenError, opening
from domain.tenants.model import Membership, MembershipStatus, User, UserStatus
from domain.tickets.model import Ticket, TicketStatus
from domain.tickets.notices import MAIL, facts
from tenancy.database import Database
from tenancy.scope import WORKER

TEMPLATE: Final = "ticket_at_risk"
WARNED: Final = (SlaState.AT_RISK, SlaState.BREACHED)
AHEAD: Final = timedelta(days=30)
"""A quarter of the longest time that is usually promised, and the nights and holidays in it."""
LATE: Final = timedelta(days=3)
"""How long after it was missed a warning still makes sense: it may have waited for the working time."""


async def warn(database: Database, now: datetime) -> int:
    """Put the warnings that are due into the outbox; how many were not there yet."""
    async with database.writing(WORKER) as session:
        leads = list((await session.execute(_leads())).scalars())
        running = (await session.execute(_running(now))).all()
        found = [event for row in running for event in _warnings(leads, now, *row)]
        if not found:
            return 0
        added = insert(OutboxEvent).values(found).on_conflict_do_nothing().returning(OutboxEvent.id)
        return len((await session.execute(added)).all())


def _running(now: datetime) -> Select[Any]:
    """Tickets with a clock that runs and has little time left, their calendars, and their agents' addresses."""
    calendar, near = calendars(), (now - LATE, now + AHEAD)
    unanswered = and_(Ticket.first_responded_at.is_(None), Ticket.response_due_at.between(*near))
    unsolved = and_(Ticket.resolution_stopped_at.is_(None), Ticket.resolution_due_at.between(*near))
    agent = and_(User.id == Ticket.assignee_id, User.status == UserStatus.ACTIVE)
    return (
        select(Ticket, calendar.c.calendar, User.email)
        .join(calendar, calendar.c.region_id == Ticket.region_id)
        .outerjoin(User, agent)
        .where(Ticket.status.in_((TicketStatus.OPEN, TicketStatus.AWAITING_REPLY)), or_(unanswered, unsolved))
    )


def _leads() -> Select[Any]:
    """Who is warned of what nobody looks after."""
    lead = and_(Membership.role == Role.AGENT_LEAD, Membership.status == MembershipStatus.ACTIVE)
    return (
        select(User.email).join(Membership, Membership.user_id == User.id).where(lead, User.status == UserStatus.ACTIVE)
    )


def _warnings(
    leads: list[str], now: datetime, ticket: Ticket, calendar: str, agent: str | None
) -> Iterator[dict[str, Any]]:
    if not _is_open(calendar, now):
        return
    for target, due in _missed_soon(ticket, calendar, now):
        content = facts(ticket) | {
            "template": TEMPLATE,
            "target": target,
            "due_at": due.isoformat(),
            "missed": due < now,
        }
        del content["ticket_id"]  # it goes to the vendor's staff, who take no part in the ticket
        for address in [agent] if agent else leads:
            key = uuid5(NAMESPACE_URL, f"bailiwick:warning:{ticket.id}:{target}:{due.isoformat()}:{address}")
            yield _event(key, ticket, {"to": address, **content})


def _missed_soon(ticket: Ticket, calendar: str, now: datetime) -> Iterator[tuple[str, datetime]]:
    """The targets that are at risk or missed, and when they are due."""
    response = (ticket.response_minutes, ticket.response_clock, ticket.response_due_at, ticket.first_responded_at)
    clock = ticket.resolution_clock or ticket.response_clock
    resolution = (ticket.resolution_minutes, clock, ticket.resolution_due_at, ticket.resolution_stopped_at)
    for name, (minutes, counted, due, stopped) in {"response": response, "resolution": resolution}.items():
        if minutes is None or counted is None or due is None or stopped or due < now - LATE:
            continue
        if state(now, due, SlaTarget(minutes, counted), calendar_of(calendar)) in WARNED:
            yield name, due


def _is_open(calendar: str, now: datetime) -> bool:
    try:
        return opening(now, calendar_of(calendar)) == now
    except CalendarNeverOpenError:
        return False


def _event(key: UUID, ticket: Ticket, payload: dict[str, Any]) -> dict[str, Any]:
    return {"id": key, "tenant_id": ticket.tenant_id, "topic": MAIL, "payload": payload}
