"""Making one ticket of two (spec 3, 17; 6): one of them ends, the other goes on.

What was said stays where it was said, and nobody sees the ticket that goes on because of the other one, unless it is
said who is to be copied in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from authz.errors import ForbiddenError, NotFoundError
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.errors import ErrorCode, Problems, refuse
from domain.support.contact import few_recipients
from domain.tickets.access import check_version, rights_at
from domain.tickets.booking import cancel_ahead
from domain.tickets.closing import give_back
from domain.tickets.copying import copy_in, new_copies
from domain.tickets.events import TicketEventKind, became, happened, logged
from domain.tickets.model import ParticipantKind, Ticket, TicketParticipant, TicketStatus
from domain.tickets.notices import tell_vendor, write_to
from domain.tickets.participants import others
from domain.tickets.temporary_accounts import end_account

INTO = "intoTicketId"
CCS = "includeCcs"


@dataclass(frozen=True, slots=True)
class Merge:
    """`into` goes on; of those who take part in the other ticket these `ccs`, by their addresses, are copied in."""

    into: UUID
    ccs: tuple[str, ...] = ()


@requires(Permission.TICKET_MERGE)
async def merge(grant: Grant, ticket_id: UUID, form: Merge, expected_version: int | None) -> dict[str, UUID | None]:
    """End a ticket, as another one is about the same; what it drew is given back, so that one is drawn for both."""
    ended, goes_on = await _both(grant, ticket_id, form.into)
    check_version(ended, expected_version)
    await _refuse_unfit(grant, ended, goes_on)
    problems, people = Problems(), await _people(grant, ended)
    chosen = _chosen(form.ccs, people, problems)
    new = await new_copies(grant, goes_on, chosen, problems, CCS)
    problems.refuse_if_any()
    before = ended.status.value
    ended.merge_into(goes_on.id, grant.now)
    goes_on.last_public_activity_at = grant.now
    await give_back(grant, ended)
    await end_account(grant, ended)
    await cancel_ahead(grant, ended)
    readers = await _readers(grant, ended)
    copy_in(grant, goes_on, (email for email in new if email not in readers))
    copy_in(grant, goes_on, (email for email in new if email in readers), can_reply=False)
    happened(grant, ended, TicketEventKind.MERGED_INTO, related_ticket_id=goes_on.id)
    happened(grant, goes_on, TicketEventKind.MERGED_FROM, related_ticket_id=ended.id)
    became(grant, ended, before)
    await grant.flush()
    await _tell(grant, ended, goes_on, people, before)
    return {"ticket_id": goes_on.id, "merged_ticket_id": ended.id}


async def _both(grant: Grant, ticket_id: UUID, into: UUID) -> tuple[Ticket, Ticket]:
    """Both, locked in the order of their ids, so that those who merge them at once do not wait for ever."""
    found = {key: await grant.find(Ticket, key, lock=True) for key in sorted({ticket_id, into})}
    ended, goes_on = found[ticket_id], found[into]
    if ended is None:
        raise NotFoundError
    if goes_on is None:
        refuse(ErrorCode.NOT_FOUND, "There is no such ticket that you can see.", INTO)
    for ticket in (ended, goes_on):
        if not (await rights_at(grant, ticket)).merge:
            raise ForbiddenError
    return ended, goes_on


async def _refuse_unfit(grant: Grant, ended: Ticket, goes_on: Ticket) -> None:
    """Both are of one tenant, and none of them is part of another merge that would make a chain of it, or a circle."""
    if ended.id == goes_on.id:
        refuse(ErrorCode.OUT_OF_RANGE, "A ticket does not become part of itself.", INTO)
    if ended.tenant_id != goes_on.tenant_id:
        refuse(ErrorCode.TENANT_MISMATCH, "The tickets are about different organisations.", INTO)
    if goes_on.status is TicketStatus.CLOSED:
        refuse(ErrorCode.TICKET_CLOSED, "This ticket is closed: nothing goes on there.", INTO, follow_up_allowed=False)
    merged = grant.select(Ticket, Ticket.id).where(Ticket.merged_into_id == ended.id).limit(1)
    if ended.status is not TicketStatus.CLOSED and await grant.first(merged):
        message = "Others have become part of this ticket: let the other one become part of it, too."
        states = {"from_": ended.status.value, "to": TicketStatus.CLOSED.value, "allowed": []}
        refuse(ErrorCode.INVALID_TRANSITION, message, "ticketId", **states)


async def _people(grant: Grant, ticket: Ticket) -> list[str]:
    """The addresses of all who take part in it."""
    row = TicketParticipant
    people = grant.select(row, row.email).where(row.ticket_id == ticket.id).order_by(row.added_at, row.id)
    return list(dict.fromkeys(await grant.all(people)))


async def _readers(grant: Grant, ticket: Ticket) -> set[str]:
    """The addresses of those who are copied in to read alone (AMB-6): being taken along lets them do no more."""
    row = TicketParticipant
    copied = grant.select(row, row.email).where(row.ticket_id == ticket.id, row.kind == ParticipantKind.CC)
    return set(await grant.all(copied.where(~row.can_reply)))


def _chosen(ccs: Sequence[str], people: Sequence[str], problems: Problems) -> list[str]:
    """Who is to be copied in: only somebody who takes part in the other ticket can be named, and not too many."""
    chosen = [(index, email.lower()) for index, email in few_recipients(ccs, problems, CCS)]
    for index, email in chosen:
        if email not in people:
            message = "Nobody with this address takes part in the ticket that ends."
            problems.add(ErrorCode.NOT_FOUND, message, CCS, str(index))
    return [email for _, email in chosen]


async def _tell(grant: Grant, ended: Ticket, goes_on: Ticket, people: Sequence[str], before: str) -> None:
    """Who takes part in both learns which ticket goes on; the others that theirs has ended."""
    after = {"number": ended.number, "into": goes_on.number, "credited": ended.credited_at is not None}
    logged(grant, "ticket.merge", ended, before={"status": before}, after=after, related=goes_on)
    logged(grant, "ticket.merge", goes_on, after=after, related=ended)
    there = set(await _people(grant, goes_on))
    known = [email for email in others(grant, people) if email in there]
    write_to(grant, ended, "ticket_merged", known, into=goes_on.number)
    write_to(grant, ended, "ticket_merged", [email for email in others(grant, people) if email not in there], into=None)
    tell_vendor(grant, ended, "ticket.merged")
