"""Which tickets a list is to have: the sections of "My tickets" (C7-C10) and the filters."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Label, literal

from authz import binds
from authz.powers import Powers
from domain.customers.criteria import keywords
from domain.tenants.reach import own_tenant
from domain.tickets.finding import says
from domain.tickets.model import Side, Ticket, TicketParticipant, TicketStatus
from domain.tickets.orders import next_due_at
from domain.tickets.queues import TicketQueue, in_queue, is_open
from domain.tickets.reach import copied_in, in_charge, named_in
from execution.paging import bounded


class TicketScope(StrEnum):
    """The sections of "My tickets" (C8-C10)."""

    REQUESTED = "REQUESTED"
    CC = "CC"
    ORGANIZATION = "ORGANIZATION"
    ALL = "ALL"


class TicketRelation(StrEnum):
    """What a ticket is to who looks at it; several at once are possible (C16)."""

    REQUESTER = "REQUESTER"
    CC = "CC"
    ORGANIZATION = "ORGANIZATION"


@dataclass(frozen=True, slots=True)
class TicketCriteria:
    """Which tickets are wanted: all that is given must hold, and of several values one.

    `search` is text as people type it. `created_since` is included, `created_until` and `due_until` are not.
    `unassigned` tells whether nobody looks after them. None is no condition; an empty tuple matches nothing.
    """

    search: str = ""
    statuses: tuple[TicketStatus, ...] | None = None
    open_only: bool = False
    severities: tuple[int, ...] | None = None
    service_ids: tuple[UUID, ...] | None = None
    tenant_ids: tuple[UUID, ...] | None = None
    created_since: datetime | None = None
    created_until: datetime | None = None
    raised_by_partner: bool | None = None
    queue: TicketQueue | None = None
    assignee_ids: tuple[UUID, ...] | None = None
    unassigned: bool | None = None
    due_until: datetime | None = None
    region_ids: tuple[UUID, ...] | None = None


class TicketFilter(Protocol):
    """A filter as clients give it."""

    def criteria(self) -> TicketCriteria:
        """As the domain has it."""
        ...


EVERYTHING = TicketCriteria()


def viewer_copied() -> ColumnElement[bool]:
    """Whether the actor is a CC recipient of the ticket (C8)."""
    return copied_in(Ticket, TicketParticipant).correlate(Ticket)


def viewer_replies() -> ColumnElement[bool]:
    """Whether the actor is the ticket's contact, or a CC recipient who may reply (AMB-6)."""
    return named_in(Ticket, TicketParticipant).where(TicketParticipant.can_reply).correlate(Ticket)


def viewer_standing(powers: Powers) -> tuple[Label[bool], Label[bool]]:
    """What of the actor decides about its rights in the ticket, by the names of `domain.tickets.rights.Standing`."""
    return viewer_replies().label("viewer_replies"), in_charge(Ticket, powers).label("viewer_in_charge")


def in_scope(scope: TicketScope) -> list[ColumnElement[bool]]:
    """The condition of one section of "My tickets"."""
    if scope is TicketScope.REQUESTED:
        return [Ticket.requester_user_id == binds.USER]
    if scope is TicketScope.CC:
        return [viewer_copied()]
    if scope is TicketScope.ORGANIZATION:
        return [own_tenant(Ticket.tenant_id)]
    return []


def matching(criteria: TicketCriteria) -> list[ColumnElement[bool]]:
    """The conditions of a filter."""
    members: dict[str, tuple[Any, Any]] = {
        "statuses": (Ticket.status, criteria.statuses),
        "severities": (Ticket.severity, criteria.severities),
        "serviceIds": (Ticket.service_id, criteria.service_ids),
        "tenantIds": (Ticket.tenant_id, criteria.tenant_ids),
        "assigneeIds": (Ticket.assignee_id, criteria.assignee_ids),
        "regionIds": (Ticket.region_id, criteria.region_ids),
    }
    given = ((column, name, values) for name, (column, values) in members.items() if values is not None)
    found: list[ColumnElement[bool]] = [column.in_(bounded(name, values)) for column, name, values in given]
    if criteria.open_only:
        found.append(is_open())
    if criteria.queue is not None:
        found.append(in_queue(criteria.queue))
    if criteria.unassigned is not None:
        found.append(Ticket.assignee_id.is_(None) == literal(criteria.unassigned))
    if criteria.created_since is not None:
        found.append(Ticket.created_at >= criteria.created_since)
    if criteria.created_until is not None:
        found.append(Ticket.created_at < criteria.created_until)
    if criteria.due_until is not None:
        found.append(next_due_at().element < criteria.due_until)
    if criteria.raised_by_partner is not None:
        raised = Ticket.requester_side == Side.PARTNER
        found.append(raised if criteria.raised_by_partner else ~raised)
    return found + [says(keyword) for keyword in keywords(criteria.search)]
