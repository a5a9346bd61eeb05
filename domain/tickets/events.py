"""What happened in a ticket, as its timeline tells it (spec 3, 25): written with the change, and never changed."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, or_
from sqlalchemy.orm import Mapped, mapped_column

from authz.grant import Grant
from authz.permissions import Permission
from authz.powers import Powers
from domain.base import Base, CustomerOwned, Identified, new_id
from domain.records.commands import audit
from domain.tickets.access import side_of
from domain.tickets.model import MessageVisibility, Side, Ticket
from domain.tickets.reach import where_held, with_ticket


class TicketEventKind(StrEnum):
    """What happened."""

    CREATED = "CREATED"
    STATUS_CHANGED = "STATUS_CHANGED"
    ASSIGNED = "ASSIGNED"
    SEVERITY_CHANGED = "SEVERITY_CHANGED"
    REPLIED = "REPLIED"
    NOTED = "NOTED"
    FIRST_RESPONDED = "FIRST_RESPONDED"
    INCIDENT_DEBITED = "INCIDENT_DEBITED"
    INCIDENT_CREDITED = "INCIDENT_CREDITED"
    TEMPORARY_ACCESS_GRANTED = "TEMPORARY_ACCESS_GRANTED"
    TEMPORARY_ACCESS_REVOKED = "TEMPORARY_ACCESS_REVOKED"
    CC_ADDED = "CC_ADDED"
    CC_REMOVED = "CC_REMOVED"
    MERGED_INTO = "MERGED_INTO"
    MERGED_FROM = "MERGED_FROM"
    FOLLOW_UP_RAISED = "FOLLOW_UP_RAISED"
    RATED = "RATED"


INTERNAL = frozenset({TicketEventKind.NOTED, TicketEventKind.RATED})
"""What the vendor's staff alone may know of: notes, and a rating, which besides them only its author sees."""
ACCESS = (TicketEventKind.TEMPORARY_ACCESS_GRANTED, TicketEventKind.TEMPORARY_ACCESS_REVOKED)
"""What only those may know of who may read of temporary support accounts."""


class TicketEvent(Identified, CustomerOwned, Base):
    """One thing that happened; `before` and `after` are texts, whose meaning its kind says.

    The database keeps `managing_partner_id` as the ticket's is; nothing else of a row can be changed.
    """

    __tablename__ = "ticket_event"
    __table_args__ = (Index("ix_ticket_event_ticket_id", "ticket_id", "occurred_at", "id"),)

    ticket_id: Mapped[UUID] = mapped_column(ForeignKey("ticket.id"))
    occurred_at: Mapped[datetime]
    kind: Mapped[TicketEventKind]
    visibility: Mapped[MessageVisibility]
    actor_name: Mapped[str]
    actor_side: Mapped[Side]
    before: Mapped[str | None]
    after: Mapped[str | None]
    related_ticket_id: Mapped[UUID | None] = mapped_column(ForeignKey("ticket.id"))
    message_id: Mapped[UUID | None] = mapped_column(ForeignKey("ticket_message.id"))

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """As the ticket; what is internal only for the vendor's staff, and of accounts as `TemporarySupportAccount`."""
        known = or_(cls.kind.not_in(ACCESS), where_held(cls, Permission.TEMP_ACCOUNT_READ, powers))
        seen = with_ticket(cls, Ticket, powers) & known
        if powers.holds(Permission.TICKET_NOTE_INTERNAL):
            return seen
        return seen & (cls.visibility == MessageVisibility.PUBLIC)


def happened(
    grant: Grant,
    ticket: Ticket,
    kind: TicketEventKind,
    *,
    before: str | None = None,
    after: str | None = None,
    related_ticket_id: UUID | None = None,
    message_id: UUID | None = None,
) -> None:
    """Put something into the ticket's timeline, in the transaction that does it."""
    event: dict[str, Any] = {
        "id": new_id(),
        "tenant_id": ticket.tenant_id,
        "ticket_id": ticket.id,
        "occurred_at": grant.now,
        "kind": kind,
        "visibility": MessageVisibility.INTERNAL if kind in INTERNAL else MessageVisibility.PUBLIC,
        "actor_name": grant.actor.name,
        "actor_side": side_of(grant, ticket),
        "before": before,
        "after": after,
        "related_ticket_id": related_ticket_id,
        "message_id": message_id,
    }
    grant.write(TicketEvent, event)


def logged(
    grant: Grant,
    action: str,
    ticket: Ticket,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    related: Ticket | None = None,
) -> None:
    """Note an action in the audit logs of the acting tenant and of the ticket's.

    Of a private request its requester alone is told (E20), also where it is the `related` one, whose number is given;
    of those of two people the acting tenant alone, which is the vendor.
    """
    alone = {each.private_to for each in (ticket, related) if each and each.private_to}
    tenants = () if len(alone) > 1 else (ticket.tenant_id,)
    private_to = alone.pop() if len(alone) == 1 else None
    audit(grant, action, "ticket", ticket.id, *tenants, before=before, after=after, private_to=private_to)


def amount(quantity: Decimal | None) -> str | None:
    """So much of a balance, as `1` or `2.5`."""
    return None if quantity is None else f"{quantity.normalize():f}"


def became(grant: Grant, ticket: Ticket, before: str) -> None:
    """Note a change of the status, if there was one; `before` is the former."""
    if ticket.status.value != before:
        happened(grant, ticket, TicketEventKind.STATUS_CHANGED, before=before, after=ticket.status.value)
