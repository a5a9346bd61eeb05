"""Tickets as clients see them."""

from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from authz.permissions import Permission
from domain.entitlements import queries as entitlements
from domain.services import queries as services
from domain.support import queries as support
from domain.tenants import queries as tenants
from domain.tickets import appointments, lists, queries, rating, timeline
from domain.tickets.highlights import COLUMNS, highlights
from domain.tickets.rights import STANDING_COLUMNS, Standing, possible
from domain.tickets.states import SEVERITIES
from resolvers.context import Info
from resolvers.enums.tickets import (
    ClosureCode,
    SupportIssueType,
    TicketKind,
    TicketOrigin,
    TicketPortalStatus,
    TicketRelation,
    TicketStatus,
)
from schema.fields import computed, connection, global_id, one, plain
from schema.relay import Connection, Node
from schema.services import Service
from schema.support_regions import SupportRegion
from schema.ticket_appointments import TicketAppointment
from schema.ticket_lists import TicketHighlight
from schema.ticket_parts import (
    Attachment,
    SlaTarget,
    TemporarySupportAccount,
    TicketAssignee,
    TicketCapabilities,
    TicketContact,
    TicketMessage,
    TicketOwner,
    TicketParticipant,
    TicketRequester,
)
from schema.ticket_timeline import TicketEvent, TicketRating

if TYPE_CHECKING:
    from schema.entitlements import Entitlement, SupportContract
    from schema.tenants import Tenant


def _quantity(root: Any) -> Decimal:
    quantity: Decimal = root["entitlement_quantity"]
    return quantity


def _credited(root: Any) -> bool:
    return root["credited_at"] is not None


@strawberry.type(description="What a ticket drew on a support contract (D23).")
class EntitlementUse:
    """Rows of `domain.tickets.queries.entitlement_uses_of`."""

    quantity: Decimal = computed(_quantity, needs=("entitlement_quantity",), description="How much, in its unit.")
    credited: bool = computed(_credited, needs=("credited_at",), description="Whether it was given back (D25).")
    entitlement: Annotated["Entitlement", strawberry.lazy("schema.entitlements")] | None = one(
        entitlements.entitlement_by_ids, key="entitlement_id", description="The balance; null where you cannot see it."
    )
    contract: Annotated["SupportContract", strawberry.lazy("schema.entitlements")] | None = one(
        entitlements.contract_by_ids, key="contract_id", description="The contract; null where you cannot see it."
    )


def _portal_status(root: Any) -> TicketPortalStatus:
    over = root["status"] in (TicketStatus.RESOLVED, TicketStatus.CLOSED)
    return TicketPortalStatus.RESOLVED if over else TicketPortalStatus(root["status"])


def _severity_label(root: Any) -> str | None:
    return SEVERITIES[root["severity"]] if root["severity"] else None


def _requester(root: Any) -> TicketRequester:
    return {  # type: ignore[return-value]  # rows are dictionaries
        "name": root["requester_name"],
        "side": root["requester_side"],
        "user_id": root["requester_user_id"],
    }


def _on_behalf(root: Any) -> bool:
    return bool(root["requester_tenant_id"] != root["tenant_id"])


def _assignee(root: Any) -> TicketAssignee | None:
    if root["assignee_id"] is None:
        return None
    return {"name": root["assignee_name"] or "", "user_id": root["assignee_id"]}  # type: ignore[return-value]  # rows


def _contact(root: Any) -> TicketContact:
    names = ("name", "email", "phone")
    return {name: root[f"contact_{name}"] for name in names}  # type: ignore[return-value]  # rows are dictionaries


def _tenant_owner(root: Any) -> TicketOwner | None:
    if root["tenant_owner_email"] is None:
        return None
    return {  # type: ignore[return-value]  # rows are dictionaries
        "name": root["tenant_owner_name"],
        "email": root["tenant_owner_email"],
    }


def _updated_at(root: Any, info: Info) -> datetime:
    """An internal note must not show in what others see (spec 4.3, 12)."""
    notes = info.context.actor.holds(Permission.TICKET_NOTE_INTERNAL)
    latest: datetime = root["updated_at"] if notes else root["last_public_activity_at"]
    return latest


def _relation(root: Any, info: Info) -> list[TicketRelation]:
    actor = info.context.actor
    holds = {
        TicketRelation.REQUESTER: root["requester_user_id"] == actor.user_id,
        TicketRelation.CC: root["viewer_copied"],
        TicketRelation.ORGANIZATION: root["tenant_id"] == actor.tenant_id,
    }
    return [relation for relation, held in holds.items() if held]


def _highlights(root: Any) -> list[TicketHighlight]:
    return highlights(root)  # type: ignore[return-value]  # rows are dictionaries


def _viewer_can(root: Any, info: Info) -> TicketCapabilities:
    can = possible(info.context.actor, Standing.of_row(root))
    return asdict(can)  # type: ignore[return-value]  # rows are dictionaries


@strawberry.type(description="One request for support.")
class Ticket(Node):
    """Rows of `domain.tickets.queries.by_ids` and its like."""

    id: strawberry.ID = global_id("ticket")
    number: str = plain("The number by which people speak of the ticket, with its leading zeros.")
    kind: TicketKind = plain("What is asked for (D35).")
    origin: TicketOrigin = plain("How it came about.")
    status: TicketStatus = plain("Where it stands.")
    portal_status: TicketPortalStatus = computed(
        _portal_status, needs=("status",), description="Where it stands in the words of the portal (C11)."
    )
    tenant: Annotated["Tenant", strawberry.lazy("schema.tenants")] | None = one(
        tenants.by_ids,
        key="tenant_id",
        description="The tenant that it is about; null for those who are only copied in from elsewhere.",
    )
    service: Service | None = one(services.by_ids, key="service_id", description="The service that it is about.")
    requester: TicketRequester = computed(
        _requester,
        needs=("requester_name", "requester_side", "requester_user_id"),
        description="Who raised it.",
    )
    on_behalf: bool = computed(
        _on_behalf,
        needs=("requester_tenant_id", "tenant_id"),
        description="Whether somebody of another organisation raised it for the tenant (E18).",
    )
    assignee: TicketAssignee | None = computed(
        _assignee,
        needs=("assignee_id", "assignee_name"),
        description="The vendor's agent who looks after it; null while it is in the queue (E14).",
    )
    severity: int | None = plain("1 (Trivial) to 5 (Critical) (A8); null where none was given.")
    severity_label: str | None = computed(
        _severity_label, needs=("severity",), description="Trivial, Minor, Moderate, Major or Critical."
    )
    issue_type: SupportIssueType | None = plain("What an invitation asks for (A7); null for other tickets.")
    summary: str = plain("What it is about, in a line.")
    details: str = plain("The whole story.")
    job_ids: list[str] = plain("Ids of the jobs that failed (A9).")
    contact: TicketContact = computed(
        _contact, needs=("contact_name", "contact_email", "contact_phone"), description="Whom to answer (A13-A16)."
    )
    tenant_owner: TicketOwner | None = computed(
        _tenant_owner,
        needs=("tenant_owner_name", "tenant_owner_email"),
        description="The tenant's owner at the time of submission (A10).",
    )
    support_region: SupportRegion | None = one(
        support.regions_by_ids,
        key="region_id",
        description="The region in whose working time it is looked after (E17); null for old tickets.",
    )
    response_target: SlaTarget | None = one(
        queries.response_targets_of,
        key="id",
        description="Within what time the vendor answers first; null without a severity.",
    )
    resolution_target: SlaTarget | None = one(
        queries.resolution_targets_of,
        key="id",
        description="Within what time it is to be solved; null without a severity.",
    )
    participants: Connection[TicketParticipant] = connection(
        queries.participants_of, key="id", description="Who takes part in it, in the order in which they came."
    )
    conversation: Connection[TicketMessage] = connection(
        queries.messages_of,
        key="id",
        description="What was said, oldest first. Internal notes are there for the vendor's staff alone.",
    )
    timeline: Connection[TicketEvent] = connection(
        timeline.events_of,
        key="id",
        description="What happened in it, oldest first; of tickets of long ago, since it is kept.",
    )
    attachments: Connection[Attachment] = connection(
        queries.attachments_of, key="id", description="Its files, oldest first (A11)."
    )
    entitlement_use: EntitlementUse | None = one(
        queries.entitlement_uses_of, key="id", description="What it drew on a support contract; null for nothing."
    )
    temporary_support_account: TemporarySupportAccount | None = one(
        queries.temporary_account_of,
        key="id",
        description="The vendor's temporary account for it, the newest (A18); null where there was none, and for who "
        "may not read of such accounts.",
    )
    appointments: Connection[TicketAppointment] = connection(
        appointments.of_tickets,
        key="id",
        description="The meetings about it, in the order in which they are held: for its requester and the vendor.",
    )
    merged_into: Annotated["Ticket", strawberry.lazy("schema.tickets")] | None = one(
        queries.by_ids,
        key="merged_into_id",
        description="The ticket of which it has become part; null for none, and where you cannot see that one.",
    )
    merged_tickets: Connection[Annotated["Ticket", strawberry.lazy("schema.tickets")]] = connection(
        lists.merged_into, key="id", description="Those that have become part of it, as far as you see them."
    )
    follow_up_of: Annotated["Ticket", strawberry.lazy("schema.tickets")] | None = one(
        queries.by_ids,
        key="follow_up_of_id",
        description="The ticket that it takes up again; null for none, and where you cannot see that one.",
    )
    follow_ups: Connection[Annotated["Ticket", strawberry.lazy("schema.tickets")]] = connection(
        lists.follow_ups_of, key="id", description="Those that take it up again, as far as you see them."
    )
    rating: TicketRating | None = one(
        rating.of_tickets,
        key="id",
        description="What its requester thinks of how it was looked after: for them and the vendor alone.",
    )
    viewer_relation: list[TicketRelation] = computed(
        _relation,
        needs=("requester_user_id", "viewer_copied", "tenant_id"),
        description="What it is to you; several are possible (C16).",
    )
    viewer_can: TicketCapabilities = computed(
        _viewer_can, needs=STANDING_COLUMNS, description="What you can do with it at this instant."
    )
    created_at: datetime = plain("When it was raised.")
    updated_at: datetime = computed(
        _updated_at,
        needs=("updated_at", "last_public_activity_at"),
        description="When something last happened to it that you may know of.",
    )
    first_responded_at: datetime | None = plain("When the vendor answered first.")
    resolved_at: datetime | None = plain("When it was solved; null again once it is reopened.")
    closed_at: datetime | None = plain("When it was closed.")
    closure_code: ClosureCode | None = plain("Why it was closed; null until then.")
    reopened_count: int = plain("How often it was opened again.")
    highlights: list[TicketHighlight] = computed(
        _highlights,
        needs=COLUMNS,
        description="Where the words are by which a list's `search` has found it; empty where nothing was looked for.",
    )
    version: int = plain("Changes with every edit; give it back to notice concurrent ones.")
