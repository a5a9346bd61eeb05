"""What a mail that came in becomes: a reply of the account that its sender is, in the same transaction as its log."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from authz.gate import Gate, requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.base import new_id
from domain.mail.answers import write_back
from domain.mail.files import Intake
from domain.mail.model import InboundMail, InboundOutcome, MailDelivery
from domain.tenants.model import User, UserStatus
from domain.tickets.access import ticket_for
from domain.tickets.model import Ticket
from domain.tickets.replying import Reply, reply
from tenancy.session import work_of

MOST_IN_AN_HOUR = 30


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as far as it matters; `name` is its Message-ID, or one made of its content.

    `agreement_version` is that of the privacy agreement which the mail states that it answers. Its sender is `told` by
    mail which files were refused, unless that has been too often of late.
    """

    name: str
    sender: str
    body: str
    ticket_id: UUID
    agreement_version: str | None
    told: bool


async def take_in(gate: Gate, session: AsyncSession, letter: Letter, intake: Intake, now: datetime) -> None:
    """Reply in the name of its sender, and note it; raises as `reply` does, and where it was taken in before.

    Files that are refused are named in the message, and in a mail to whoever sent them.
    """
    ticket = await _open_ticket(gate, letter.ticket_id)
    files = await intake.take(gate, letter.agreement_version)
    body = letter.body or "\n".join(file.name for file in intake.enclosed)
    await reply(gate, ticket.id, Reply(body, files, refused=tuple(intake.refused)))
    reason = ""
    if intake.refused:
        reason = f"Files were refused: {'; '.join(f'{one.file_name}: {one.code}' for one in intake.refused)}."
        if letter.told:
            write_back(session, ticket, letter.sender, files=intake.refused)
    named = {"sender": letter.sender, "message_id": letter.name, "ticket_id": ticket.id}
    note(session, InboundOutcome.ACCEPTED, reason, now, **named)


@requires(Permission.TICKET_REPLY)
async def _open_ticket(grant: Grant, ticket_id: UUID) -> Ticket:
    """The ticket, or the one that goes on for it, if the actor may reply there (spec 3, 17)."""
    ticket = await grant.get(Ticket, ticket_id)
    return await ticket_for(grant, ticket.merged_into_id or ticket.id, "reply")


def note(session: AsyncSession, outcome: InboundOutcome, reason: str, now: datetime, **known: Any) -> None:
    """Write what was done with a mail; `known` are `sender`, `message_id` and `ticket_id`, as far as they are."""
    row = {"id": new_id(), "received_at": now, "outcome": outcome, "reason": reason}
    unknown = {"sender": "", "message_id": None, "ticket_id": None}
    work_of(session).write(InboundMail.__table__, [row | unknown | known])


def account_of(sender: str) -> Select[User]:
    """The account that has proved the address."""
    proved = User.email == sender, User.status == UserStatus.ACTIVE, User.email_verified_at.is_not(None)
    return select(User).where(*proved).order_by(User.id).limit(1)


def recent(sender: str, now: datetime) -> Select[int]:
    """How many mails came from the address in the last hour to addresses that were given to it.

    What others send in its name, who have no such address, is not counted: nobody is kept out by them.
    """
    last_hour = InboundMail.sender == sender, InboundMail.received_at > now - timedelta(hours=1)
    return select(func.count()).select_from(InboundMail).where(*last_hour, InboundMail.ticket_id.is_not(None))


def known(name: str) -> Select[UUID]:
    """The mail of this name that was taken in already."""
    accepted = InboundMail.outcome == InboundOutcome.ACCEPTED
    return select(InboundMail.id).where(InboundMail.message_id == name, accepted)


def stated(deliveries: list[UUID], sender: str, ticket_id: UUID) -> Select[str | None]:
    """The privacy agreement that the newest of these mails states, as far as they went to `sender` about the ticket."""
    theirs = MailDelivery.id.in_(deliveries), MailDelivery.recipient == sender, MailDelivery.ticket_id == ticket_id
    found = select(MailDelivery.agreement_version).where(*theirs, MailDelivery.agreement_version.is_not(None))
    return found.order_by(MailDelivery.ended_at.desc()).limit(1)
