"""Warnings before a promise is missed, by mail and in the app, to whoever looks after the ticket (spec 7).

They are given in the region's working time, and to the leads where nobody looks after it.

How a target stands is worked out as it is looked at, and stored nowhere. A warning's id is made of ticket, target, due
time and recipient, so that it is given once, however often it is looked for, and anew when something else is promised.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Final, NamedTuple
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import DateTime, Select, Uuid, and_, bindparam, func, or_, select, text, true
from sqlalchemy.dialects.postgresql import insert

from authz.roles import Role
from domain.records.model import OutboxEvent
from domain.support.calendars import calendar_of, calendars
from domain.support.clock import AT_RISK_FROM, SlaState, due_at, state
from domain.support.clock import SlaTarget as Promise
from domain.support.model import SlaTarget
from domain.support.working_time import CalendarNeverOpenError, opening
from domain.tenants.model import Membership, MembershipStatus, User, UserStatus
from domain.tickets.model import Ticket, TicketStatus
from domain.tickets.notices import MAIL, facts
from tenancy.database import Database
from tenancy.scope import WORKER

TEMPLATE: Final = "ticket_at_risk"
WARNED: Final = (SlaState.AT_RISK, SlaState.BREACHED)
LATE: Final = timedelta(days=3)
"""How long after it was missed a warning still makes sense: it may have waited for the working time."""
TELL: Final = text("SELECT tell_people('SLA_WARNING', :ticket_id, NULL, :now, NULL, ARRAY[:user_id])").bindparams(
    bindparam("ticket_id", type_=Uuid()),
    bindparam("user_id", type_=Uuid()),
    bindparam("now", type_=DateTime(timezone=True)),
)


class Warned(NamedTuple):
    """Who is warned."""

    user_id: UUID
    email: str


class Word(NamedTuple):
    """A mail in the outbox, and what is told in the app beside it."""

    id: UUID
    event: dict[str, Any]
    told: dict[str, Any]


async def warn(database: Database, now: datetime) -> int:
    """Put the warnings that are due into the outbox; how many were not there yet."""
    async with database.writing(WORKER) as session:
        leads = [Warned(*row) for row in await session.execute(_leads())]
        ahead = _ahead((await session.execute(_promised())).all(), now)
        running = (await session.execute(_running(now, ahead))).all()
        found = {warning.id: warning for row in running for warning in _warnings(leads, now, *row)}
        if not found:
            return 0
        events = insert(OutboxEvent).values([warning.event for warning in found.values()]).on_conflict_do_nothing()
        added = [found[key] for key in (await session.execute(events.returning(OutboxEvent.id))).scalars()]
        if added:
            await session.execute(TELL, [warning.told | {"now": now} for warning in added])
        return len(added)


def _promised() -> Select[Any]:
    """The regions' calendars, each with what is promised by either clock."""
    calendar = calendars()
    longest = func.max(SlaTarget.resolution_minutes)
    promised = select(SlaTarget.clock, longest.label("minutes")).group_by(SlaTarget.clock).subquery()
    return select(calendar.c.calendar, promised.c.clock, promised.c.minutes).join(promised, true())


def _ahead(promised: Iterable[Any], now: datetime) -> datetime:
    """Until when what is at risk now is due: a quarter of the longest target away, by the slowest calendar.

    What an older policy promised with more time is warned of once it comes as near.
    """
    latest = now
    for calendar, clock, minutes in promised:
        with suppress(CalendarNeverOpenError):
            quarter = Promise(ceil(minutes * (1 - AT_RISK_FROM)), clock)
            latest = max(latest, due_at(now, quarter, calendar_of(calendar)))
    return latest


def _running(now: datetime, ahead: datetime) -> Select[Any]:
    """Tickets with a clock that runs and has little time left, their calendars, and who looks after them."""
    calendar, near = calendars(), (now - LATE, ahead)
    unanswered = and_(Ticket.first_responded_at.is_(None), Ticket.response_due_at.between(*near))
    unsolved = and_(Ticket.resolution_stopped_at.is_(None), Ticket.resolution_due_at.between(*near))
    agent = and_(User.id == Ticket.assignee_id, User.status == UserStatus.ACTIVE)
    return (
        select(Ticket, calendar.c.calendar, User.id, User.email)
        .join(calendar, calendar.c.region_id == Ticket.region_id)
        .outerjoin(User, agent)
        .where(Ticket.status.in_((TicketStatus.OPEN, TicketStatus.AWAITING_REPLY)), or_(unanswered, unsolved))
    )


def _leads() -> Select[UUID, str]:
    """Who is warned of what nobody looks after."""
    lead = and_(Membership.role == Role.AGENT_LEAD, Membership.status == MembershipStatus.ACTIVE)
    people = select(User.id, User.email).join(Membership, Membership.user_id == User.id)
    return people.where(lead, User.status == UserStatus.ACTIVE)


def _warnings(
    leads: list[Warned], now: datetime, ticket: Ticket, calendar: str, agent_id: UUID | None, email: str | None
) -> Iterator[Word]:
    if not _is_open(calendar, now):
        return
    people = [Warned(agent_id, email)] if agent_id and email else leads
    for target, due in _missed_soon(ticket, calendar, now):
        content = facts(ticket) | {
            "template": TEMPLATE,
            "target": target,
            "due_at": due.isoformat(),
            "missed": due < now,
        }
        del content["ticket_id"]  # it goes to the vendor's staff, who take no part in the ticket
        for person in people:
            key = uuid5(NAMESPACE_URL, f"bailiwick:warning:{ticket.id}:{target}:{due.isoformat()}:{person.email}")
            event = {
                "id": key,
                "tenant_id": ticket.tenant_id,
                "topic": MAIL,
                "payload": {"to": person.email, **content},
            }
            yield Word(key, event, {"ticket_id": ticket.id, "user_id": person.user_id})


def _missed_soon(ticket: Ticket, calendar: str, now: datetime) -> Iterator[tuple[str, datetime]]:
    """The targets that are at risk or missed, and when they are due."""
    response = (ticket.response_minutes, ticket.response_clock, ticket.response_due_at, ticket.first_responded_at)
    clock = ticket.resolution_clock or ticket.response_clock
    resolution = (ticket.resolution_minutes, clock, ticket.resolution_due_at, ticket.resolution_stopped_at)
    for name, (minutes, counted, due, stopped) in {"response": response, "resolution": resolution}.items():
        if minutes is None or counted is None or due is None or stopped or due < now - LATE:
            continue
        if state(now, due, Promise(minutes, counted), calendar_of(calendar)) in WARNED:
            yield name, due


def _is_open(calendar: str, now: datetime) -> bool:
    try:
        return opening(now, calendar_of(calendar)) == now
    except CalendarNeverOpenError:
        return False
