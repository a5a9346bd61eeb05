"""Which tickets a list is to have: the sections of "My tickets" (C7-C10) and the filters."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, func, literal, select

from authz import binds
from domain.customers.criteria import keywords
from domain.tenants.reach import own_tenant
from domain.tickets.model import (
    OPEN_STATUSES,
    Side,
    Ticket,
    TicketParticipant,
    TicketStatus,
)
from domain.tickets.reach import copied_in, named_in
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

    `search` is text as people type it. `created_since` is included, `created_until` is not. None is no condition; an
    empty tuple matches nothing.
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


def is_open() -> ColumnElement[bool]:
    """Neither resolved nor closed; written out, so that a prepared statement can use the index of open tickets."""
    statuses: Any = bindparam("open_statuses", OPEN_STATUSES, expanding=True, literal_execute=True)
    return Ticket.status.in_(statuses)


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
    }
    given = ((column, name, values) for name, (column, values) in members.items() if values is not None)
    found: list[ColumnElement[bool]] = [column.in_(bounded(name, values)) for column, name, values in given]
    if criteria.open_only:
        found.append(is_open())
    if criteria.created_since is not None:
        found.append(Ticket.created_at >= criteria.created_since)
    if criteria.created_until is not None:
        found.append(Ticket.created_at < criteria.created_until)
    if criteria.raised_by_partner is not None:
        raised = Ticket.requester_side == Side.PARTNER
        found.append(raised if criteria.raised_by_partner else ~raised)
    return found + [_says(keyword) for keyword in keywords(criteria.search)]


def _says(keyword: str) -> ColumnElement[bool]:
    """The words of the keyword are in the ticket, side by side; it is looked at once, not once for each ticket."""
    words = select(func.searchable(literal(keyword))).scalar_subquery()
    return func.strpos(Ticket.search_text, words) > 0
