"""Resolving, reopening and closing, and what closing brings with it (spec 4.2, D25, AMB-19)."""

from uuid import UUID

from authz.errors import ForbiddenError
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.entitlements.ledger import credit
from domain.tickets.access import calendar_for, rights_at, ticket_for
from domain.tickets.booking import cancel_ahead
from domain.tickets.events import TicketEventKind, amount, became, happened, logged
from domain.tickets.lifecycle import credits_incident
from domain.tickets.model import ClosureCode, Ticket
from domain.tickets.notices import tell_vendor, write_to
from domain.tickets.participants import addresses
from domain.tickets.temporary_accounts import end_account

TOPICS = {"ticket.resolve": "ticket.resolved", "ticket.reopen": "ticket.reopened", "ticket.close": "ticket.closed"}


@requires(Permission.TICKET_RESOLVE)
async def resolve(grant: Grant, ticket_id: UUID, expected_version: int | None) -> UUID:
    """Call the ticket solved: the vendor's support team, or whoever raised it."""
    ticket = await ticket_for(grant, ticket_id, "resolve", expected_version)
    before = ticket.status.value
    ticket.resolve(grant.now)
    await _record(grant, ticket, "ticket.resolve", before)
    return ticket.id


@requires(Permission.TICKET_REPLY)
async def reopen(grant: Grant, ticket_id: UUID, expected_version: int | None) -> UUID:
    """Take up what was resolved, as a reply does: the requester's side for a while, the vendor as long as it can."""
    ticket = await ticket_for(grant, ticket_id, "reopen", expected_version)
    before = ticket.status.value
    ticket.reopen(grant.now, await calendar_for(grant, ticket), at_any_time=grant.actor.is_platform)
    await _record(grant, ticket, "ticket.reopen", before)
    return ticket.id


@requires(Permission.TICKET_CLOSE)
async def close(grant: Grant, ticket_id: UUID, code: ClosureCode, expected_version: int | None) -> UUID:
    """Close the ticket for good; with a crediting code its incident is given back, exactly once (D25)."""
    ticket = await ticket_for(grant, ticket_id, "close", expected_version)
    if _gives_back(ticket, code) and not (await rights_at(grant, ticket)).close_nondecrement:
        raise ForbiddenError("Your role does not close tickets in a way that gives the incident back.")
    before = ticket.status.value
    ticket.close(code, grant.now)
    if credits_incident(code, ticket.first_responded_at):
        await give_back(grant, ticket)
    await end_account(grant, ticket)
    await cancel_ahead(grant, ticket)
    await _record(grant, ticket, "ticket.close", before)
    return ticket.id


async def give_back(grant: Grant, ticket: Ticket) -> None:
    """Credit what the ticket drew, if it drew anything, exactly once (D25); it is locked."""
    if await credit(grant, ticket.id):
        ticket.credited_at = grant.now
        happened(grant, ticket, TicketEventKind.INCIDENT_CREDITED, after=amount(ticket.entitlement_quantity))


def _gives_back(ticket: Ticket, code: ClosureCode) -> bool:
    """Whether closing needs the right to give back: by its name, or as there is something that would be given."""
    drew = ticket.entitlement_id is not None
    named = code is ClosureCode.NON_DECREMENT
    return named or (drew and credits_incident(code, ticket.first_responded_at))


async def _record(grant: Grant, ticket: Ticket, action: str, before: str) -> None:
    became(grant, ticket, before)
    await grant.flush()
    after = {
        "number": ticket.number,
        "status": ticket.status.value,
        "closure_code": ticket.closure_code.value if ticket.closure_code else None,
        "credited": ticket.credited_at is not None,
    }
    logged(grant, action, ticket, before={"status": before}, after=after)
    topic = TOPICS[action]
    write_to(grant, ticket, topic.replace(".", "_"), await addresses(grant, ticket))
    tell_vendor(grant, ticket, topic)
