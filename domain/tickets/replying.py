"""Replies and internal notes (C13, C14, C17, AMB-31)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import update

from authz.errors import ForbiddenError
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from authz.powers import PrincipalKind
from domain.base import new_id
from domain.errors import ErrorCode, Problems
from domain.records.commands import audit
from domain.support.text import check_text
from domain.tickets.access import calendar_for, rights_at, side_of, ticket_for
from domain.tickets.attachments import NO_FILES, Files, RefusedFile, attach, chosen_files
from domain.tickets.events import TicketEventKind, became, happened, logged
from domain.tickets.model import MessageVisibility, Side, Ticket, TicketMessage
from domain.tickets.notices import tell_vendor, write_to
from domain.tickets.participants import addresses

LONGEST_BODY = 20_000


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply as it was entered; `needs_answer` is for the vendor, who waits for the other side then.

    `refused` are files that came with it by mail, and were not taken in.
    """

    body: str
    files: Files
    needs_answer: bool = False
    refused: tuple[RefusedFile, ...] = ()


@requires(Permission.TICKET_REPLY)
async def reply(grant: Grant, ticket_id: UUID, given: Reply) -> dict[str, UUID | None]:
    """Add to the conversation; who is not of the vendor makes it the vendor's turn again (spec 4.2)."""
    ticket = await ticket_for(grant, ticket_id, "reply")
    side = side_of(grant, ticket)
    problems = Problems()
    body = check_text(given.body, problems, "body", most=LONGEST_BODY, required=True, lines=True)
    if given.needs_answer and side is not Side.VENDOR:
        problems.add(ErrorCode.FORBIDDEN, "Only the vendor's support team waits for answers.", "needsAnswer")
    files = await chosen_files(grant, given.files, problems)
    problems.refuse_if_any()
    before, answered = ticket.status.value, ticket.first_responded_at
    if side is Side.VENDOR:
        human = grant.actor.principal is PrincipalKind.USER
        ticket.answer(grant.now, needs_answer=given.needs_answer, human=human)
    else:
        ticket.reply(grant.now, await calendar_for(grant, ticket))
    message_id = say(grant, ticket, side, body, MessageVisibility.PUBLIC, given.refused)
    attach(grant, given.files, files, ticket, message_id)
    happened(grant, ticket, TicketEventKind.REPLIED, message_id=message_id)
    if answered != ticket.first_responded_at:
        happened(grant, ticket, TicketEventKind.FIRST_RESPONDED)
    became(grant, ticket, before)
    await grant.flush()
    noted = {"number": ticket.number, "status": ticket.status.value}
    logged(grant, "ticket.reply", ticket, after=noted)
    more = {"author": grant.actor.name, "message_id": str(message_id)}
    write_to(grant, ticket, "ticket_reply", await addresses(grant, ticket), **more)
    tell_vendor(grant, ticket, "ticket.replied", side=side.value)
    return {"ticket_id": ticket.id, "message_id": message_id}


@requires(Permission.TICKET_NOTE_INTERNAL)
async def note(grant: Grant, ticket_id: UUID, body: str, given: Files = NO_FILES) -> dict[str, UUID | None]:
    """Leave a note for the vendor's staff; nobody else can tell that there is one, nor its files (spec 4.3, 12)."""
    ticket = await grant.get(Ticket, ticket_id, lock=True)
    if not (await rights_at(grant, ticket)).note_internal:
        raise ForbiddenError
    problems = Problems()
    text = check_text(body, problems, "body", most=LONGEST_BODY, required=True, lines=True)
    files = await chosen_files(grant, given, problems)
    problems.refuse_if_any()
    message_id = say(grant, ticket, Side.VENDOR, text, MessageVisibility.INTERNAL)
    attach(grant, given, files, ticket, message_id)
    await grant.flush()
    happened(grant, ticket, TicketEventKind.NOTED, message_id=message_id)
    # Not through the row: its version, which everybody sees, must not change.
    touched = update(Ticket).where(Ticket.id == ticket.id).values(updated_at=grant.now)
    await grant.run(touched.execution_options(synchronize_session=False))
    audit(grant, "ticket.note", "ticket", ticket.id, after={"number": ticket.number})
    return {"ticket_id": ticket.id, "message_id": message_id}


def say(
    grant: Grant,
    ticket: Ticket,
    side: Side,
    body: str,
    visibility: MessageVisibility,
    refused: Sequence[RefusedFile] = (),
) -> UUID:
    """Write one message."""
    message: dict[str, Any] = {
        "id": new_id(),
        "tenant_id": ticket.tenant_id,
        "ticket_id": ticket.id,
        "author_user_id": grant.actor.user_id,
        "author_name": grant.actor.name,
        "author_side": side,
        "visibility": visibility,
        "body": body,
        "refused_files": [asdict(file) for file in refused],
        "created_at": grant.now,
    }
    grant.write(TicketMessage, message)
    return UUID(str(message["id"]))
