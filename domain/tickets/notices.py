"""What leaves the platform because of a ticket: mail to those who take part, and word to the vendor (A20, A29, D24)."""

from collections.abc import Iterable
from typing import Any

from authz.grant import Grant
from domain.records.commands import announce
from domain.tickets.model import Ticket
from domain.tickets.states import OPEN_STATUSES, SEVERITIES

MAIL = "mail"


def write_to(grant: Grant, ticket: Ticket, template: str, addresses: Iterable[str], **more: Any) -> None:
    """One mail for each address, with the ticket's number, severity and response time (D24)."""
    content = {"template": template, **facts(ticket), **more}
    for address in addresses:
        announce(grant, MAIL, ticket.tenant_id, {"to": address, **content})


def tell_vendor(grant: Grant, ticket: Ticket, topic: str, **more: Any) -> None:
    """Word to the vendor's support team."""
    announce(grant, topic, ticket.tenant_id, {**facts(ticket), **more})


def facts(ticket: Ticket) -> dict[str, Any]:
    """What everybody may know who hears of the ticket; an answer that was given, or is not to come, is not due."""
    owed = ticket.first_responded_at is None and ticket.status in OPEN_STATUSES
    due = ticket.response_due_at if owed else None
    return {
        "ticket_id": str(ticket.id),
        "number": ticket.number,
        "summary": ticket.summary,
        "status": ticket.status.value,
        "severity": ticket.severity,
        "severity_label": SEVERITIES[ticket.severity] if ticket.severity else None,
        "response_minutes": ticket.response_minutes,
        "response_clock": ticket.response_clock.value if ticket.response_clock else None,
        "response_due_at": due.isoformat() if due else None,
    }
