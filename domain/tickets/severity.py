"""How bad a ticket is, in the eyes of the vendor, and what is promised for that (A8, spec 7)."""

from uuid import UUID

from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.errors import Problems
from domain.tickets.access import ticket_for
from domain.tickets.events import TicketEventKind, happened, logged
from domain.tickets.notices import tell_vendor, write_to
from domain.tickets.opening import check_severity
from domain.tickets.participants import addresses
from domain.tickets.terms import other_terms


@requires(Permission.TICKET_ASSIGN)
async def set_severity(grant: Grant, ticket_id: UUID, severity: int, expected_version: int | None) -> UUID:
    """Change the severity; targets run from the ticket's beginning then, and its pauses stay."""
    ticket = await ticket_for(grant, ticket_id, "set_severity", expected_version)
    problems = Problems()
    check_severity(severity, problems)
    problems.refuse_if_any()
    before = ticket.severity
    if before == severity:
        return ticket.id
    terms = await other_terms(grant, ticket, severity)  # before anything changes, which reading would write by itself
    ticket.set_severity(severity, grant.now)
    if terms:
        ticket.promise(ticket.created_at, *terms)
    happened(grant, ticket, TicketEventKind.SEVERITY_CHANGED, before=_text(before), after=_text(severity))
    await grant.flush()
    after = {"number": ticket.number, "severity": severity}
    logged(grant, "ticket.severity_set", ticket, before={"severity": before}, after=after)
    write_to(grant, ticket, "ticket_severity_set", await addresses(grant, ticket))
    tell_vendor(grant, ticket, "ticket.severity_set", before=before)
    return ticket.id


def _text(severity: int | None) -> str | None:
    return None if severity is None else str(severity)
