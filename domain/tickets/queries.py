"""Every SELECT of tickets."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, exists

from authz import binds
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.tenants.reach import own_tenant
from domain.tickets.model import (
    OPEN_STATUSES,
    ParticipantKind,
    TemporarySupportAccount,
    Ticket,
    TicketMessage,
    TicketParticipant,
    TicketStatus,
)
from execution.paging import Key, Listing
from execution.relation import Parents


class TicketScope(StrEnum):
    """The sections of "My tickets" (C8-C10)."""

    REQUESTED = "REQUESTED"
    CC = "CC"
    ORGANIZATION = "ORGANIZATION"
    ALL = "ALL"


@dataclass(frozen=True, slots=True)
class TicketCriteria:
    """Which tickets are wanted: all that is given must hold, and of several values one."""

    statuses: tuple[TicketStatus, ...] = ()
    open_only: bool = False
    severities: tuple[int, ...] = ()
    service_ids: tuple[Any, ...] = ()


EVERYTHING = TicketCriteria()


@requires(Permission.TICKET_READ)
def by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Tickets by their ids."""
    return grant.rows_of(Ticket).where(parents.match(Ticket.id))


@requires(Permission.TICKET_READ)
def by_number(grant: Grant, number: str) -> Select[Any]:
    """The ticket with this number (C18)."""
    return grant.rows_of(Ticket).where(Ticket.number == number)


@requires(Permission.TICKET_READ)
def listing(grant: Grant, scope: TicketScope, criteria: TicketCriteria) -> Listing:
    """Tickets that the actor sees, in one of the sections of "My tickets" (C7-C10), newest first."""
    return _newest_first(grant.rows_of(Ticket).where(*_in_scope(scope), *_matching(criteria)))


@requires(Permission.TICKET_READ)
def of_tenants(grant: Grant, parents: Parents, criteria: TicketCriteria = EVERYTHING) -> Listing:
    """Tickets about these tenants, newest first (B38)."""
    return _newest_first(grant.rows_of(Ticket).where(parents.match(Ticket.tenant_id), *_matching(criteria)))


@requires(Permission.TICKET_READ)
def messages_of(grant: Grant, parents: Parents) -> Listing:
    """The conversation of these tickets, oldest first (C12)."""
    statement = grant.rows_of(TicketMessage).where(parents.match(TicketMessage.ticket_id))
    return Listing(statement, (Key(TicketMessage.created_at), Key(TicketMessage.id)))


@requires(Permission.TICKET_READ)
def participants_of(grant: Grant, parents: Parents) -> Listing:
    """Who takes part in these tickets."""
    statement = grant.rows_of(TicketParticipant).where(parents.match(TicketParticipant.ticket_id))
    return Listing(statement, (Key(TicketParticipant.added_at), Key(TicketParticipant.id)))


@requires(Permission.TICKET_READ)
def temporary_account_of(grant: Grant, parents: Parents) -> Select[Any]:
    """The newest temporary support account of these tickets (A18)."""
    account = TemporarySupportAccount
    return (
        grant.rows_of(account)
        .where(parents.match(account.ticket_id))
        .distinct(account.ticket_id)
        .order_by(account.ticket_id, account.granted_at.desc())
    )


def _newest_first(statement: Select[Any]) -> Listing:
    return Listing(statement, (Key(Ticket.created_at, descending=True), Key(Ticket.id, descending=True)))


def _matching(criteria: TicketCriteria) -> list[Any]:
    conditions: list[Any] = []
    if criteria.statuses:
        conditions.append(Ticket.status.in_(criteria.statuses))
    if criteria.open_only:
        conditions.append(Ticket.status.in_(OPEN_STATUSES))
    if criteria.severities:
        conditions.append(Ticket.severity.in_(criteria.severities))
    if criteria.service_ids:
        conditions.append(Ticket.service_id.in_(criteria.service_ids))
    return conditions


def _in_scope(scope: TicketScope) -> list[Any]:
    participant = TicketParticipant
    copied = exists().where(
        participant.ticket_id == Ticket.id,
        participant.user_id == binds.USER,
        participant.kind == ParticipantKind.CC,
    )
    conditions: dict[TicketScope, list[Any]] = {
        TicketScope.REQUESTED: [Ticket.requester_user_id == binds.USER],
        TicketScope.CC: [copied],
        TicketScope.ORGANIZATION: [and_(own_tenant(Ticket.tenant_id))],
        TicketScope.ALL: [],
    }
    return conditions[scope]
