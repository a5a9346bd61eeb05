"""What somebody has not read yet (spec 3, 7): the database keeps it, of public messages alone."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, and_, update
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


class Notification(Identified, TenantOwned, Base):
    """A message of somebody else in a ticket in which a user takes part; `tenant_id` is the ticket's."""

    __tablename__ = "notification"
    __table_args__ = (Index("ix_notification_unread", "user_id", "ticket_id", postgresql_where="read_at IS NULL"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"))
    message_id: Mapped[UUID] = mapped_column(ForeignKey("ticket_message.id"))
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """One's own, of tickets that one still sees."""
        return and_(cls.user_id == binds.USER, with_ticket(cls, Ticket, powers))


@requires(Permission.TICKET_READ)
def unread_of(grant: Grant, parents: Parents) -> Listing:
    """What these users have not read yet: to be counted, and nobody's but the actor's own."""
    row = Notification
    unread = grant.rows_of(row).where(parents.match(row.user_id), row.read_at.is_(None))
    return Listing(unread, (Key(row.created_at), Key(row.id)))


@requires(Permission.TICKET_READ)
async def mark_read(grant: Grant, ticket_id: UUID) -> UUID:
    """The actor, a person, has read all that was said in a ticket."""
    ticket: Ticket = await grant.get(Ticket, ticket_id)
    if grant.actor.principal is not PrincipalKind.USER:
        raise ForbiddenError
    unread = update(Notification).where(
        Notification.ticket_id == ticket.id, Notification.user_id == grant.actor.user_id, Notification.read_at.is_(None)
    )
    await grant.run(unread.values(read_at=grant.now).execution_options(synchronize_session=False))
    return ticket.id
