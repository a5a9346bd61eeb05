"""What somebody wants exported: a list of tickets, as `tickets` has it, and the columns of its file."""

from dataclasses import dataclass
from typing import Any, Final

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Select, case, null

from authz.gate import Gate, requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.services.model import Service
from domain.tenants.model import Tenant
from domain.tickets import lists
from domain.tickets.criteria import EVERYTHING, TicketCriteria, TicketScope
from domain.tickets.model import Ticket
from domain.tickets.orders import TicketOrder
from domain.tickets.states import SEVERITIES
from execution.paging import ordered
from execution.relation import narrowed

COLUMNS: Final = {
    "id": "id",
    "number": "number",
    "kind": "kind",
    "origin": "origin",
    "status": "status",
    "severity": "severity",
    "severityLabel": "severity_label",
    "issueType": "issue_type",
    "tenant.name": "tenant_name",
    "service.name": "service_name",
    "requester.name": "requester_name",
    "requester.side": "requester_side",
    "onBehalf": "on_behalf",
    "assignee.name": "assignee_name",
    "summary": "summary",
    "details": "details",
    "jobIds": "job_ids",
    "contact.name": "contact_name",
    "contact.email": "contact_email",
    "contact.phone": "contact_phone",
    "tenantOwner.name": "tenant_owner_name",
    "tenantOwner.email": "tenant_owner_email",
    "createdAt": "created_at",
    "updatedAt": "latest_at",
    "firstRespondedAt": "first_responded_at",
    "resolvedAt": "resolved_at",
    "closedAt": "closed_at",
    "closureCode": "closure_code",
    "reopenedCount": "reopened_count",
}
"""The columns of a file: fields of `Ticket` in the GraphQL schema, and what the statement calls them."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tickets, and in which order: by default all, the newest first."""

    scope: TicketScope = TicketScope.ALL
    criteria: TicketCriteria = EVERYTHING
    order: TicketOrder = TicketOrder.NEWEST

    def stored(self) -> dict[str, Any]:
        """As it is kept with the job."""
        kept: dict[str, Any] = _STORED.dump_python(self, mode="json", exclude_defaults=True)
        return kept

    @staticmethod
    def read(stored: dict[str, Any]) -> "Wanted":
        """What `stored` has kept."""
        return _STORED.validate_python(stored)


_STORED: Final = TypeAdapter(Wanted)


@requires(Permission.EXPORT_CREATE)
def exported(grant: Grant, wanted: Wanted) -> Select[Any]:
    """The tickets of the very list that the actor would be shown, with what it could read of each, and no more.

    Raises `PublicError` for what no list takes, and where the actor may read no tickets.
    """
    gate = Gate(grant.powers)
    listing = lists.listing(gate, wanted.scope, wanted.criteria, wanted.order)
    more = (
        case(SEVERITIES, value=Ticket.severity).label("severity_label"),
        _name(gate, Permission.TENANT_READ, Tenant, Ticket.tenant_id).label("tenant_name"),
        _name(gate, Permission.SERVICE_READ, Service, Ticket.service_id).label("service_name"),
        (Ticket.requester_tenant_id != Ticket.tenant_id).label("on_behalf"),
        _latest_at(grant).label("latest_at"),
    )
    columns = dict.fromkeys((*COLUMNS.values(), *(key.name for key in listing.order)))
    found = narrowed(listing.statement.add_columns(*more), columns)
    return found.order_by(*(ordered(key) for key in listing.order))


def _name(gate: Gate, permission: Permission, model: Any, key: Any) -> ColumnElement[Any]:
    """The name of what a ticket is about; null where the actor cannot see it."""
    if not gate.holds(permission):
        return null()
    return gate.grant(permission).select(model, model.name).where(model.id == key).correlate(Ticket).scalar_subquery()


def _latest_at(grant: Grant) -> ColumnElement[Any]:
    """An internal note must not show in what others see (spec 4.3, 12)."""
    notes = grant.powers.holds(Permission.TICKET_NOTE_INTERNAL)
    return (Ticket.updated_at if notes else Ticket.last_public_activity_at).expression
