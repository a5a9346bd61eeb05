"""Every SELECT of tickets and of what belongs to them; forms are in `domain.tickets.subject`."""

from typing import Any

from sqlalchemy import ColumnElement, DateTime, Select, Text, and_, case, cast, exists, func, literal, or_, select, true
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased

from authz import binds
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.support.calendars import calendars
from domain.tenants.model import Membership, MembershipStatus
from domain.tickets.criteria import (
    TicketScope,
    in_scope,
    viewer_copied,
    viewer_standing,
)
from domain.tickets.model import (
    Attachment,
    ParticipantKind,
    TemporarySupportAccount,
    Ticket,
    TicketMessage,
    TicketParticipant,
    TicketStatus,
)
from domain.tickets.reach import visible_tickets
from execution.paging import Key, Listing
from execution.relation import Parents

OVER = Ticket.status.in_((TicketStatus.RESOLVED, TicketStatus.CLOSED))


@requires(Permission.TICKET_READ)
def by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Tickets by their ids."""
    return ticket_rows(grant).where(parents.match(Ticket.id))


@requires(Permission.TICKET_READ)
def by_ids_of(grant: Grant, parents: Parents, *, scope: TicketScope) -> Select[Any]:
    """Tickets by their ids, as far as they are in one of the sections of "My tickets"."""
    return ticket_rows(grant).where(parents.match(Ticket.id), *in_scope(scope))


@requires(Permission.TICKET_READ)
def by_number(grant: Grant, number: str) -> Select[Any]:
    """The ticket with this number (C18), or before it the one of which it has become part, if the actor sees that.

    Whoever does not see the former one does not learn that there was one, but the vendor's staff, who are asked for it.
    """
    former = aliased(Ticket)
    known = true() if grant.powers.is_platform else visible_tickets(former, TicketParticipant, grant.powers)
    into = select(former.merged_into_id).where(former.number == number, known).scalar_subquery()
    found = or_(Ticket.number == number, Ticket.id == into)
    return ticket_rows(grant).where(found).order_by(Ticket.number == number)


@requires(Permission.TICKET_READ)
def messages_of(grant: Grant, parents: Parents) -> Listing:
    """The conversation of these tickets, oldest first (C12)."""
    statement = grant.rows_of(TicketMessage).where(parents.match(TicketMessage.ticket_id))
    return Listing(statement, (Key(TicketMessage.created_at), Key(TicketMessage.id)))


@requires(Permission.TICKET_READ)
def messages_by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Messages by their ids."""
    return grant.rows_of(TicketMessage).where(parents.match(TicketMessage.id))


@requires(Permission.TICKET_READ)
def participants_of(grant: Grant, parents: Parents) -> Listing:
    """Who takes part in these tickets."""
    statement = _participants(grant).where(parents.match(TicketParticipant.ticket_id))
    return Listing(statement, (Key(TicketParticipant.added_at), Key(TicketParticipant.id)))


@requires(Permission.TICKET_READ)
def participants_by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Participants by their ids."""
    return _participants(grant).where(parents.match(TicketParticipant.id))


@requires(Permission.TICKET_READ)
def attachments_of(grant: Grant, parents: Parents) -> Listing:
    """The files of these tickets, oldest first (A11)."""
    statement = grant.rows_of(Attachment).where(parents.match(Attachment.ticket_id))
    return Listing(statement, (Key(Attachment.created_at), Key(Attachment.id)))


@requires(Permission.TICKET_READ)
def attachments_of_messages(grant: Grant, parents: Parents) -> Select[Any]:
    """The files that came with these messages (C14)."""
    statement = grant.rows_of(Attachment).where(parents.match(Attachment.message_id))
    return statement.order_by(Attachment.created_at, Attachment.id)


@requires(Permission.TICKET_READ)
def attachments_by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Files by their ids: those of tickets, and one's own uploads."""
    return grant.rows_of(Attachment).where(parents.match(Attachment.id))


@requires(Permission.TICKET_READ)
def temporary_account_of(grant: Grant, parents: Parents) -> Select[Any]:
    """The newest temporary support account of these tickets (A18)."""
    account = TemporarySupportAccount
    return (
        _accounts(grant)
        .where(parents.match(account.ticket_id))
        .ext(distinct_on(account.ticket_id))
        .order_by(account.ticket_id, account.granted_at.desc())
    )


@requires(Permission.TICKET_READ)
def temporary_accounts_by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Temporary support accounts by their ids."""
    return _accounts(grant).where(parents.match(TemporarySupportAccount.id))


@requires(Permission.TICKET_READ)
def response_targets_of(grant: Grant, parents: Parents) -> Select[Any]:
    """How the first answer to these tickets stands; the end of a ticket stops its clock too (spec 7)."""
    ended = case((OVER, func.coalesce(Ticket.resolved_at, Ticket.closed_at)))
    met = func.coalesce(Ticket.first_responded_at, ended)
    target = (Ticket.response_minutes, Ticket.response_clock, Ticket.response_due_at)
    return _targets(grant, parents, target, met, cast(None, DateTime(timezone=True)))


@requires(Permission.TICKET_READ)
def resolution_targets_of(grant: Grant, parents: Parents) -> Select[Any]:
    """How the solution of these tickets stands: its clock rests while the vendor waits for an answer (spec 7)."""
    met = case((OVER, Ticket.resolution_stopped_at))
    paused = case((~OVER, Ticket.resolution_stopped_at))
    clock = func.coalesce(Ticket.resolution_clock, Ticket.response_clock)
    target = (Ticket.resolution_minutes, clock, Ticket.resolution_due_at)
    return _targets(grant, parents, target, met, paused)


@requires(Permission.TICKET_READ)
def entitlement_uses_of(grant: Grant, parents: Parents) -> Select[Any]:
    """What these tickets drew on a support contract (D23)."""
    used = Ticket.entitlement_id.is_not(None)
    return grant.rows_of(Ticket).where(parents.match(Ticket.id), used)


def ticket_rows(grant: Grant, search: str = "") -> Select[Any]:
    """The ticket's columns, whether the actor is copied in, and may reply as such, and what was looked for."""
    copied, searched = viewer_copied().label("viewer_copied"), literal(search, Text()).label("searched")
    return grant.rows_of(Ticket).add_columns(copied, searched, *viewer_standing(grant.powers))


def _participants(grant: Grant) -> Select[Any]:
    return grant.rows_of(TicketParticipant).add_columns(_has_account(grant).label("has_account"))


def _has_account(grant: Grant) -> ColumnElement[bool]:
    """Whether a participant has a proved account, as far as that is the actor's to know (spec 4.3, 13).

    The vendor's staff knows of everybody; others of whoever raised the ticket, which takes an account, of themselves,
    and of members whom row-level security shows: of their own organisation, or of a customer. Of anybody else it would
    tell whoever copies an address in whether that has one.
    """
    row = TicketParticipant
    if grant.powers.is_platform:
        return row.user_id.is_not(None)
    raised = and_(row.kind == ParticipantKind.REQUESTER, row.user_id.is_not(None))
    of_desk = Membership.tenant_id.in_((row.tenant_id, row.managing_partner_id))
    member = exists().where(Membership.user_id == row.user_id, Membership.status == MembershipStatus.ACTIVE, of_desk)
    return or_(raised, func.coalesce(row.user_id == binds.USER, False), member)


def _accounts(grant: Grant) -> Select[Any]:
    return grant.rows_of(TemporarySupportAccount).add_columns(binds.NOW.label("now"))


def _targets(grant: Grant, parents: Parents, target: tuple[Any, Any, Any], met: Any, paused: Any) -> Select[Any]:
    calendar, (minutes, clock, due) = calendars(), target
    return (
        grant.select(
            Ticket,
            minutes.label("minutes"),
            clock.label("clock"),
            due.label("due_at"),
            met.label("met_at"),
            paused.label("paused_at"),
            calendar.c.calendar,
            binds.NOW.label("now"),
        )
        .join(calendar, calendar.c.region_id == Ticket.region_id)
        .where(parents.match(Ticket.id), due.is_not(None))
    )
