"""What a mail that came in becomes: a reply of the account that its sender is, in the same transaction as its log."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from authz.gate import Gate
from domain.base import new_id
from domain.mail.model import InboundMail, InboundOutcome
from domain.tenants.model import User, UserStatus
from domain.tickets.attachments import Files
from domain.tickets.replying import Reply, reply
from tenancy.session import work_of

MOST_IN_AN_HOUR = 30


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as far as it matters; `name` is its Message-ID, or one made of its content."""

    name: str
    sender: str
    body: str
    ticket_id: UUID


async def take_in(gate: Gate, session: AsyncSession, letter: Letter, now: datetime, reason: str) -> None:
    """Reply in the name of its sender, and note it; raises as `reply` does, and where it was taken in before."""
    await reply(gate, letter.ticket_id, Reply(letter.body, Files()))
    named = {"sender": letter.sender, "message_id": letter.name, "ticket_id": letter.ticket_id}
    note(session, InboundOutcome.ACCEPTED, reason, now, **named)


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
    """How many mails came from the address in the last hour, whatever was done with them."""
    last_hour = InboundMail.sender == sender, InboundMail.received_at > now - timedelta(hours=1)
    return select(func.count()).select_from(InboundMail).where(*last_hour)


def known(name: str) -> Select[UUID]:
    """The mail of this name that was taken in already."""
    accepted = InboundMail.outcome == InboundOutcome.ACCEPTED
    return select(InboundMail.id).where(InboundMail.message_id == name, accepted)
