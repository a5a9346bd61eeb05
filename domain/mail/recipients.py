"""Who may be told what about a ticket, looked at as a mail leaves: it may have waited, and access may have ended.

Whoever has an account is told as far as it sees the ticket (spec 5.3, 4.4). An address without one is told on the word
of the tenant that named it, and is told no more when that tenant's access ends: a partner's contact hears nothing after
the change of the management mode. Whom an organisation has put out is a stranger to it, but hears nothing of its own
and its customers' tickets, nor on its word of others'. Nobody acts in a suspended organisation: its people are as if
put out, and its word does not count, until it goes on. A CC address that no account has proved gets number, state and
response time alone, none of what was written (C8, spec 4.3, 13).
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, DateTime, Select, Text, Uuid, and_, bindparam, cast, func, select

from domain.mail.model import MailDelivery
from domain.notifications.model import NotificationPreferences
from domain.notifications.wishes import as_json
from domain.records.model import OutboxEvent
from domain.support.model import Agreement, AgreementKind
from domain.tenants.model import Membership, MembershipStatus, Tenant, TenantKind, TenantStatus, User, UserStatus
from domain.tenants.reach import in_customer_groups
from domain.tickets.model import MessageVisibility, ParticipantKind, Ticket, TicketMessage, TicketParticipant

WAITING = frozenset({UserStatus.PRE_PROVISIONED.value, UserStatus.PENDING_PASSWORD.value})
"""Accounts that nobody uses yet: those whom they are for are told as if there were none (C3)."""
DELIVERY: BindParameter[UUID] = bindparam("delivery_id", type_=Uuid())
AT: BindParameter[datetime] = bindparam("at", type_=DateTime(timezone=True))


class Told(StrEnum):
    """How much a mail may say."""

    ALL = "ALL"
    NOTICE = "NOTICE"
    NOTHING = "NOTHING"


def letter() -> Select[Any]:
    """Everything that decides about the mail `delivery_id`, and what it says, when it leaves `at` then: one row."""
    return (
        select(
            OutboxEvent.payload,
            MailDelivery.ticket_id,
            Ticket.tenant_id,
            Ticket.managing_partner_id,
            Ticket.desk_id,
            Ticket.requester_tenant_id,
            TicketMessage.body,
            _participation().label("kinds"),
            _named_by().label("named_by"),
            _accounts(func.array_agg(User.language)).label("languages"),
            _accounts(func.array_agg(cast(User.status, Text))).label("statuses"),
            func.coalesce(_accounts(_proved()), False).label("proved"),
            _members_of(Membership.status == MembershipStatus.ACTIVE).label("homes"),
            _members_of(Membership.status != MembershipStatus.ACTIVE).label("put_out_of"),
            _members_of(_kept_from_customer()).label("kept_from_it"),
            _suspended().label("suspended"),
            _wishes().label("wishes"),
            _agreement(Agreement.version).label("agreement_version"),
            _agreement(Agreement.url).label("agreement_url"),
            select(Tenant.id).where(Tenant.kind == TenantKind.PLATFORM).scalar_subquery().label("platform_id"),
        )
        .select_from(MailDelivery)
        .join(OutboxEvent, OutboxEvent.id == MailDelivery.id)
        .outerjoin(Ticket, Ticket.id == MailDelivery.ticket_id)
        .outerjoin(TicketMessage, _said())
        .where(MailDelivery.id == DELIVERY)
    )


def told(row: Any) -> Told:
    """How much the row's recipient may be told."""
    statuses = set(row.statuses or ()) - WAITING
    if statuses and UserStatus.ACTIVE.value not in statuses:
        return Told.NOTHING
    if row.ticket_id is None:
        return Told.ALL
    if not row.kinds or (_is_about_message(row) and row.body is None):
        return Told.NOTHING
    return _as_member(row) or _as_stranger(row)


def _as_member(row: Any) -> Told | None:
    """By an account of their own; None where it is of no organisation that has to do with the ticket.

    Whom groups of customers keep from this one sees of its tickets those in which they are copied in (spec 5.3).
    """
    homes = set(row.homes or ()) - _stopped(row)
    if row.kept_from_it and row.tenant_id not in homes and ParticipantKind.CC.value not in row.kinds:
        return Told.NOTHING
    copied_by_customer = ParticipantKind.CC.value in row.kinds and row.tenant_id in (row.named_by or ())
    if homes & _entitled(row) or (row.desk_id in homes and copied_by_customer):
        return _extent(row, proved=row.proved)
    return None


def _as_stranger(row: Any) -> Told:
    """On the word of whoever named them: all of it if they have proved the address, and see the ticket by that word."""
    put_out_of = set(row.put_out_of or ()) | (set(row.homes or ()) & _stopped(row))
    named_by = (set(row.named_by or ()) or {row.requester_tenant_id}) - put_out_of
    if put_out_of & {row.tenant_id, row.desk_id} or not named_by & _entitled(row):
        return Told.NOTHING
    by_desk = named_by & {row.tenant_id, row.managing_partner_id}
    seen = row.proved and not row.homes and by_desk and row.tenant_id not in _stopped(row)
    return _extent(row, proved=bool(seen))


def _extent(row: Any, *, proved: bool) -> Told:
    return Told.ALL if proved or set(row.kinds) != {ParticipantKind.CC.value} else Told.NOTICE


def _entitled(row: Any) -> set[UUID]:
    """The tenants that may see the ticket now: its own, the partner that manages it, the platform."""
    return {row.tenant_id, row.managing_partner_id, row.platform_id} - {None} - _stopped(row)


def _stopped(row: Any) -> set[UUID]:
    """Which of the ticket's tenant and its partner are suspended."""
    return set(row.suspended or ())


def _is_about_message(row: Any) -> bool:
    return "message_id" in row.payload


def _said() -> Any:
    """The message that the mail is about, while everybody may read it (spec 4.3, 12)."""
    public = TicketMessage.visibility == MessageVisibility.PUBLIC
    named = cast(TicketMessage.id, Text) == OutboxEvent.payload["message_id"].astext
    return and_(TicketMessage.ticket_id == Ticket.id, named, public)


def _takes_part() -> Any:
    return and_(
        TicketParticipant.ticket_id == MailDelivery.ticket_id, TicketParticipant.email == MailDelivery.recipient
    )


def _participation() -> Any:
    kinds = func.array_agg(cast(TicketParticipant.kind, Text))
    return select(kinds).where(_takes_part()).correlate(MailDelivery).scalar_subquery()


def _named_by() -> Any:
    """The tenants that named the address."""
    named = TicketParticipant.added_by_tenant_id
    tenants = select(func.array_agg(named)).where(_takes_part(), named.is_not(None))
    return tenants.correlate(MailDelivery).scalar_subquery()


def _accounts(column: Any) -> Any:
    found = select(column).where(User.email == MailDelivery.recipient)
    return found.correlate(MailDelivery).scalar_subquery()


def _members_of(condition: ColumnElement[bool]) -> Any:
    """Where accounts of the address are members, as far as their memberships are so."""
    found = select(func.array_agg(Membership.tenant_id)).join(User, User.id == Membership.user_id)
    mine = (User.email == MailDelivery.recipient, User.status == UserStatus.ACTIVE)
    return found.where(*mine, condition).correlate(MailDelivery, Ticket).scalar_subquery()


def _kept_from_customer() -> ColumnElement[bool]:
    """A membership of a partner that does not reach the ticket's customer."""
    active = Membership.status == MembershipStatus.ACTIVE
    return and_(active, Membership.tenant_id == Ticket.desk_id, ~in_customer_groups(Ticket.tenant_id, Membership.id))


def _suspended() -> Any:
    concerned = (Tenant.status != TenantStatus.ACTIVE, Tenant.id.in_((Ticket.tenant_id, Ticket.desk_id)))
    return select(func.array_agg(Tenant.id)).where(*concerned).correlate(Ticket).scalar_subquery()


def _wishes() -> Any:
    """The preferences of the account of the address; who has none is told everything."""
    own = NotificationPreferences
    mine = (User.email == MailDelivery.recipient, User.status == UserStatus.ACTIVE)
    found = select(as_json()).join(User, User.id == own.user_id).where(*mine).order_by(User.id).limit(1)
    return found.correlate(MailDelivery).scalar_subquery()


def _agreement(column: Any) -> Any:
    """Of the privacy agreement that is in force: whoever answers with files accepts it (A12)."""
    published = Agreement.kind == AgreementKind.PRIVACY, Agreement.published_at <= AT
    newest = select(column).where(*published).order_by(Agreement.published_at.desc(), Agreement.version.desc())
    return newest.limit(1).scalar_subquery()


def _proved() -> Any:
    return func.bool_or(and_(User.email_verified_at.is_not(None), User.status == UserStatus.ACTIVE))
