"""What decides about a mail, and what it says: one row, read as the mail leaves (`domain.mail.recipients`)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    DateTime,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    cast,
    func,
    or_,
    select,
)

from domain.mail.model import MailDelivery
from domain.notifications.model import NotificationPreferences
from domain.notifications.wishes import as_json
from domain.records.model import OutboxEvent
from domain.support.model import Agreement, AgreementKind
from domain.tenants.model import Membership, MembershipStatus, Tenant, TenantKind, TenantStatus, User, UserStatus
from domain.tenants.reach import in_customer_groups
from domain.tickets.model import MessageVisibility, ParticipantKind, Ticket, TicketMessage, TicketParticipant

DELIVERY: BindParameter[UUID] = bindparam("delivery_id", type_=Uuid())
AT: BindParameter[datetime] = bindparam("at", type_=DateTime(timezone=True))


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
            Ticket.status,
            TicketMessage.body,
            _participation(func.array_agg(cast(TicketParticipant.kind, Text))).label("kinds"),
            _participation(func.bool_or(_replies())).label("replies"),
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


def _said() -> Any:
    """The message that the mail is about, while everybody may read it (spec 4.3, 12)."""
    public = TicketMessage.visibility == MessageVisibility.PUBLIC
    named = cast(TicketMessage.id, Text) == OutboxEvent.payload["message_id"].astext
    return and_(TicketMessage.ticket_id == Ticket.id, named, public)


def _takes_part() -> Any:
    return and_(
        TicketParticipant.ticket_id == MailDelivery.ticket_id, TicketParticipant.email == MailDelivery.recipient
    )


def _participation(column: Any) -> Any:
    return select(column).where(_takes_part()).correlate(MailDelivery).scalar_subquery()


def _replies() -> Any:
    return or_(TicketParticipant.kind != ParticipantKind.CC, TicketParticipant.can_reply)


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
