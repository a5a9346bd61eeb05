"""Every SELECT of the log of mail."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select

from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.mail.model import DeliveryStatus, InboundMail, InboundOutcome, MailDelivery
from execution.paging import Key, Listing, bounded
from execution.relation import Parents


@dataclass(frozen=True, slots=True)
class DeliveryCriteria:
    """Which deliveries are wanted: all that is given must hold.

    None is no condition; an empty tuple matches nothing.
    """

    statuses: tuple[DeliveryStatus, ...] | None = None
    recipient: str | None = None
    ticket_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class InboundCriteria:
    """The same for mail that came in."""

    outcome: InboundOutcome | None = None
    sender: str | None = None
    ticket_id: UUID | None = None


@requires(Permission.MAIL_READ)
def deliveries_by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Deliveries by their ids."""
    return _deliveries(grant).where(parents.match(MailDelivery.id))


@requires(Permission.MAIL_READ)
def deliveries(grant: Grant, criteria: DeliveryCriteria) -> Listing:
    """The log of mail that left or is to, newest first."""
    statement = _deliveries(grant)
    if criteria.statuses is not None:
        statement = statement.where(MailDelivery.status.in_(bounded("statuses", criteria.statuses)))
    if criteria.recipient is not None:
        statement = statement.where(MailDelivery.recipient == criteria.recipient.strip().lower())
    if criteria.ticket_id is not None:
        statement = statement.where(MailDelivery.ticket_id == criteria.ticket_id)
    return Listing(statement, (Key(MailDelivery.created_at, descending=True), Key(MailDelivery.id, descending=True)))


@requires(Permission.MAIL_READ)
def inbound_by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Mail that came in, by its ids."""
    return grant.rows_of(InboundMail).where(parents.match(InboundMail.id))


@requires(Permission.MAIL_READ)
def inbound(grant: Grant, criteria: InboundCriteria) -> Listing:
    """The log of mail that came in, newest first."""
    statement = grant.rows_of(InboundMail)
    if criteria.outcome is not None:
        statement = statement.where(InboundMail.outcome == criteria.outcome)
    if criteria.sender is not None:
        statement = statement.where(InboundMail.sender == criteria.sender.strip().lower())
    if criteria.ticket_id is not None:
        statement = statement.where(InboundMail.ticket_id == criteria.ticket_id)
    return Listing(statement, (Key(InboundMail.received_at, descending=True), Key(InboundMail.id, descending=True)))


def _deliveries(grant: Grant) -> Select[Any]:
    """Without the mail itself, which a demo keeps: it may have links that are nobody else's."""
    columns = (column for column in MailDelivery.__table__.columns if column.name != "message")
    return grant.select(MailDelivery, *columns)
