"""Copying people in and out of a ticket (C8, A15, spec 3, 6)."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy import delete

from authz.errors import ForbiddenError
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.errors import ErrorCode, Problems
from domain.support.contact import MAX_RECIPIENTS, check_recipients
from domain.tickets.access import rights_at, ticket_for
from domain.tickets.events import TicketEventKind, happened, logged
from domain.tickets.model import ParticipantKind, Ticket, TicketParticipant
from domain.tickets.notices import tell_vendor, write_to
from domain.tickets.participants import Person, add_participants, others

MOST_COPIED = MAX_RECIPIENTS


@requires(Permission.TICKET_REPLY)
async def add_cc(
    grant: Grant, ticket_id: UUID, recipients: Sequence[str], expected_version: int | None, *, can_reply: bool = True
) -> UUID:
    """Copy people in; who is copied in already stays as they are. They are written to, and nobody else."""
    ticket = await ticket_for(grant, ticket_id, "manage_cc", expected_version)
    problems = Problems()
    emails = check_recipients(recipients, problems, "recipients")
    if not any(recipient.strip(" ,;") for recipient in recipients):
        problems.add(ErrorCode.REQUIRED, "Enter at least one e-mail address.", "recipients")
    new = await new_copies(grant, ticket, emails, problems, "recipients")
    problems.refuse_if_any()
    if not new:
        return ticket.id
    ticket.admit(grant.now)
    copy_in(grant, ticket, new, can_reply=can_reply)
    await grant.flush()
    after = {"number": ticket.number, "added": new, "can_reply": can_reply}
    logged(grant, "ticket.cc_add", ticket, after=after)
    write_to(grant, ticket, "ticket_cc_added", others(grant, new))
    tell_vendor(grant, ticket, "ticket.cc_added")
    return ticket.id


@requires(Permission.TICKET_REPLY)
async def remove_cc(
    grant: Grant, ticket_id: UUID, participant_ids: Sequence[UUID], expected_version: int | None
) -> UUID:
    """Copy people out: they see the ticket no more, unless they do by another right. Everybody may take their leave.

    A contact as well, whose address may be a mistake, or who has been replaced; whoever raised it always takes part.
    """
    ticket = await ticket_for(grant, ticket_id, None, expected_version)
    problems = Problems()
    people = await _copied(grant, ticket, participant_ids, problems)
    leaves = all(person.user_id == grant.actor.user_id for person in people)
    if not (leaves and people) and not (await rights_at(grant, ticket)).manage_cc:
        raise ForbiddenError
    problems.refuse_if_any()
    removed = [person.email for person in people]
    for email in removed:
        happened(grant, ticket, TicketEventKind.CC_REMOVED, before=email)
    before = {"number": ticket.number, "removed": removed}
    logged(grant, "ticket.cc_remove", ticket, before=before)
    tell_vendor(grant, ticket, "ticket.cc_removed")
    ticket.last_public_activity_at = grant.now
    await grant.flush()  # before the actor, who may take its leave, sees the ticket no more
    await grant.run(delete(TicketParticipant).where(TicketParticipant.id.in_([person.id for person in people])))
    return ticket.id


async def new_copies(grant: Grant, ticket: Ticket, emails: Iterable[str], problems: Problems, *path: str) -> list[str]:
    """Those of the addresses that are not copied in yet, in lower case, if there is room for them."""
    row = TicketParticipant
    copied = grant.select(row, row.email).where(row.ticket_id == ticket.id, row.kind == ParticipantKind.CC)
    known = set(await grant.all(copied))
    new = [email for email in dict.fromkeys(map(str.lower, emails)) if email not in known]
    actual = len(known) + len(new)
    if new and actual > MOST_COPIED:
        message = f"{actual} people would be copied in; at most {MOST_COPIED} are allowed."
        problems.add(ErrorCode.LIMIT_EXCEEDED, message, *path, limit=MOST_COPIED, actual=actual)
    return new


async def _copied(grant: Grant, ticket: Ticket, ids: Sequence[UUID], problems: Problems) -> list[TicketParticipant]:
    """Those of these ids who are copied in, or contacts."""
    if not ids:
        problems.add(ErrorCode.REQUIRED, "Say whom to copy out.", "participantIds")
    if problems.too_many(ids, MOST_COPIED, "ids", "participantIds"):
        return []
    row = TicketParticipant
    of_ticket = grant.select(row).where(row.ticket_id == ticket.id, row.kind != ParticipantKind.REQUESTER)
    found = {person.id: person for person in await grant.all(of_ticket.where(row.id.in_(ids)))}
    for index, key in enumerate(ids):
        if key not in found:
            problems.add(
                ErrorCode.NOT_FOUND, "Nobody of this id is copied in, or a contact.", "participantIds", str(index)
            )
    return [found[key] for key in dict.fromkeys(ids) if key in found]


def copy_in(grant: Grant, ticket: Ticket, emails: Iterable[str], *, can_reply: bool = True) -> None:
    """Copy these in, as the timeline tells."""
    new = list(emails)
    add_participants(grant, ticket, (Person(ParticipantKind.CC, email, can_reply=can_reply) for email in new))
    for email in new:
        happened(grant, ticket, TicketEventKind.CC_ADDED, after=email)
