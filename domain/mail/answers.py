"""Telling by mail what was not taken in of a mail: to its sender, who is proved by then, and not without end."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.base import new_id
from domain.mail.model import InboundMail
from domain.records.model import OutboxEvent
from domain.tickets.attachments import RefusedFile
from domain.tickets.model import Ticket
from domain.tickets.notices import MAIL, facts
from tenancy.session import work_of

MOST_IN_AN_HOUR = 3
"""To one sender about one ticket: a program that answers and does not say that it is one is not answered for ever."""


def write_back(
    session: AsyncSession, ticket: Ticket, sender: str, *, problem: str | None = None, files: Sequence[RefusedFile] = ()
) -> None:
    """Tell the sender of a mail about a ticket what the `problem` with it is, or with which of its files.

    Whether they may still be told is looked at as the mail leaves.
    """
    refused = [asdict(file) for file in files]
    more = {"to": sender, "template": "ticket_mail_refused", "problem": problem, "files": refused}
    event = {"id": new_id(), "tenant_id": ticket.tenant_id, "topic": MAIL, "payload": facts(ticket) | more}
    work_of(session).write(OutboxEvent.__table__, [event])


def answered(ticket_id: UUID, sender: str, now: datetime) -> Select[int]:
    """How many mails of a sender about a ticket something was wrong with in the last hour: those were answered."""
    last_hour = InboundMail.sender == sender, InboundMail.received_at > now - timedelta(hours=1)
    about = InboundMail.ticket_id == ticket_id, InboundMail.reason != ""
    return select(func.count()).select_from(InboundMail).where(*last_hour, *about)
