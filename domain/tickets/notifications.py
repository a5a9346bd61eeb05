"""What somebody is told in the app (spec 3, 7 and 23): the database notes it, whoever did what it tells of."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, Select, and_, update
from sqlalchemy.orm import Mapped, mapped_column

from authz import binds
from authz.errors import ForbiddenError
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from authz.powers import Powers, PrincipalKind
from domain.base import Base, Identified, TenantOwned
from domain.tickets.model import Ticket
from domain.tickets.reach import with_ticket
from execution.paging import Key, Listing
from execution.relation import Parents


class NotificationKind(StrEnum):
    """What somebody may be told of."""

    RAISED = "RAISED"
    REPLY = "REPLY"
    STATUS = "STATUS"
    ASSIGNMENT = "ASSIGNMENT"
    CC_ADDED = "CC_ADDED"
    SLA_WARNING = "SLA_WARNING"


class Notification(Identified, TenantOwned, Base):
    """What somebody else did in a ticket in which a user takes part; `tenant_id` is the ticket's.

    `message_id` is the message of a reply, which was public when it was said.
    """

    __tablename__ = "notification"
    __table_args__ = (
        CheckConstraint("(kind = 'REPLY') = (message_id IS NOT NULL)", name="message"),
        Index("ix_notification_unread", "user_id", "ticket_id", postgresql_where="read_at IS NULL"),
        Index("ix_notification_user_id_created_at", "user_id", "created_at", "id"),
        Index("ix_notification_created_at", "created_at"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"))
    message_id: Mapped[UUID | None] = mapped_column(ForeignKey("ticket_message.id"))
    kind: Mapped[NotificationKind]
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """One's own, of tickets that one still sees."""
        return and_(cls.user_id == binds.USER, with_ticket(cls, Ticket, powers))


@requires(Permission.TICKET_READ)
def by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Notifications by their ids."""
    return grant.rows_of(Notification).where(parents.match(Notification.id))


@requires(Permission.TICKET_READ)
def of_users(grant: Grant, parents: Parents, *, unread_only: bool | None = None) -> Listing:
    """What these users were told, the newest first: nobody's but the actor's own."""
    row = Notification
    told = grant.rows_of(row).where(parents.match(row.user_id))
    if unread_only:
        told = told.where(row.read_at.is_(None))
    return Listing(told, (Key(row.created_at, descending=True), Key(row.id, descending=True)))


@requires(Permission.TICKET_READ)
def unread_of(grant: Grant, parents: Parents) -> Listing:
    """What these users have not read yet: to be counted, and nobody's but the actor's own."""
    row = Notification
    unread = grant.rows_of(row).where(parents.match(row.user_id), row.read_at.is_(None))
    return Listing(unread, (Key(row.created_at), Key(row.id)))


@requires(Permission.TICKET_READ)
async def mark_read(grant: Grant, ticket_id: UUID) -> UUID:
    """The actor, a person, has read all that they were told of a ticket.

    It is not in the log of what was done: nothing of the ticket's or the organisation's changes, and how attentive
    somebody is concerns nobody else (spec 3, 2 asks for actions; of reads, for the temporary account's alone, A32).
    """
    ticket: Ticket = await grant.get(Ticket, ticket_id)
    if grant.actor.principal is not PrincipalKind.USER:
        raise ForbiddenError
    unread = update(Notification).where(
        Notification.ticket_id == ticket.id, Notification.user_id == grant.actor.user_id, Notification.read_at.is_(None)
    )
    await grant.run(unread.values(read_at=grant.now).execution_options(synchronize_session=False))
    return ticket.id
