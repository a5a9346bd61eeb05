"""Who may be told what about a ticket, looked at as a mail leaves: it may have waited, and access may have ended.

Whoever has an account is told as far as it sees the ticket (spec 5.3, 4.4). An address without one is told on the word
of the tenant that named it, and is told no more when that tenant's access ends: a partner's contact hears nothing after
the change of the management mode. Whom an organisation has put out is a stranger to it, but hears nothing of its own
and its customers' tickets, nor on its word of others'. Nobody acts in a suspended organisation: its people are as if
put out, and its word does not count, until it goes on. A CC address that no account has proved gets number, state and
response time alone, none of what was written (C8, spec 4.3, 13).
"""

from enum import StrEnum
from typing import Any
from uuid import UUID

from domain.tenants.model import UserStatus
from domain.tickets.model import ParticipantKind, TicketStatus

WAITING = frozenset({UserStatus.PRE_PROVISIONED.value, UserStatus.PENDING_PASSWORD.value})
"""Accounts that nobody uses yet: those whom they are for are told as if there were none (C3)."""


class Told(StrEnum):
    """How much a mail may say."""

    ALL = "ALL"
    NOTICE = "NOTICE"
    NOTHING = "NOTHING"


def told(row: Any) -> Told:
    """How much the row's recipient may be told."""
    statuses = set(row.statuses or ()) - WAITING
    if statuses and UserStatus.ACTIVE.value not in statuses:
        return Told.NOTHING
    if row.ticket_id is None:
        return Told.ALL
    if not row.kinds or (_is_about_message(row) and row.body is None):
        return Told.NOTHING
    return _as_member(row) or _as_stranger(row)


def answerable(row: Any) -> bool:
    """Whether an answer by mail is taken in: only of somebody who sees the ticket here, and where it can go on.

    One that has become part of another is answered there, as its mail says to those who take part in both.
    """
    goes_on = row.status is not TicketStatus.CLOSED or bool(row.payload.get("into"))
    return goes_on and bool(row.replies) and row.proved and (_is_member(row) or _is_let_in(row))


def _as_member(row: Any) -> Told | None:
    """By an account of their own; None where it is of no organisation that has to do with the ticket.

    Whom groups of customers keep from this one sees of its tickets those in which they are copied in (spec 5.3).
    """
    homes = set(row.homes or ()) - _stopped(row)
    if row.kept_from_it and row.tenant_id not in homes and ParticipantKind.CC.value not in row.kinds:
        return Told.NOTHING
    return _extent(row, proved=row.proved) if _is_member(row) else None


def _is_member(row: Any) -> bool:
    """Whether it is of an organisation that has to do with the ticket: of the partner's by a copy, in either mode."""
    homes = set(row.homes or ()) - _stopped(row)
    copied_by_customer = ParticipantKind.CC.value in row.kinds and row.tenant_id in (row.named_by or ())
    return bool(homes & _entitled(row)) or (row.desk_id in homes and copied_by_customer)


def _as_stranger(row: Any) -> Told:
    """On the word of whoever named them: all of it if they have proved the address, and see the ticket by that word."""
    if _put_out_of(row) & {row.tenant_id, row.desk_id} or not _word(row) & _entitled(row):
        return Told.NOTHING
    return _extent(row, proved=_is_let_in(row))


def _is_let_in(row: Any) -> bool:
    """Whether it is of no organisation, and sees the ticket on the word of its organisation or partner."""
    by_desk = _word(row) & {row.tenant_id, row.managing_partner_id}
    return row.proved and not row.homes and bool(by_desk) and row.tenant_id not in _stopped(row)


def _put_out_of(row: Any) -> set[UUID]:
    return set(row.put_out_of or ()) | (set(row.homes or ()) & _stopped(row))


def _word(row: Any) -> set[UUID]:
    """The tenants on whose word it is told."""
    return (set(row.named_by or ()) or {row.requester_tenant_id}) - _put_out_of(row)


def _extent(row: Any, *, proved: bool) -> Told:
    return Told.ALL if proved or set(row.kinds) != {ParticipantKind.CC.value} else Told.NOTICE


def _entitled(row: Any) -> set[UUID]:
    """The tenants that may see the ticket now: its own, the partner that manages it, the platform."""
    return {row.tenant_id, row.managing_partner_id, row.platform_id} - {None} - _stopped(row)


def _stopped(row: Any) -> set[UUID]:
    """Which of the ticket's tenant and its partner are suspended."""
    return set(row.suspended or ())


def _is_about_message(row: Any) -> bool:
    return "message_id" in row.payload
