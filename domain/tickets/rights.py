"""What an actor may do with a ticket that it sees (spec 5.3): one answer for commands and for `viewerCan`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from authz.actor import Actor
from authz.permissions import Permission
from authz.roles import Role
from domain.tickets.lifecycle import TRANSITIONS, reopens_until
from domain.tickets.states import TicketStatus


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a ticket decides about rights; `named` tells that the actor is its contact, or a CC who may reply.

    `in_charge` tells that the actor's role reaches it, not only its part in it (`domain.tickets.reach`).
    """

    tenant_id: UUID
    managing_partner_id: UUID | None
    requester_user_id: UUID
    assignee_id: UUID | None
    status: TicketStatus
    resolved_at: datetime | None
    named: bool
    in_charge: bool

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> "Standing":
        """From a row of `domain.tickets.queries`."""
        return cls(*(row[column] for column in STANDING_COLUMNS))


ORDINARY = frozenset({Role.STANDARD_USER, Role.PARTICIPANT})
"""Roles that give no say in tickets that others have raised."""
STANDING_COLUMNS = (
    "tenant_id",
    "managing_partner_id",
    "requester_user_id",
    "assignee_id",
    "status",
    "resolved_at",
    "viewer_replies",
    "viewer_in_charge",
)
"""In the order of the fields of `Standing`."""


@dataclass(frozen=True, slots=True)
class Rights:
    """The acts that roles and part in the ticket allow, whatever state it is in."""

    reply: bool
    manage_cc: bool
    resolve: bool
    reopen: bool
    rate: bool
    close: bool
    close_nondecrement: bool
    assign: bool
    set_severity: bool
    merge: bool
    note_internal: bool
    revoke_temporary_account: bool
    book_appointment: bool


def rights(actor: Actor, ticket: Standing) -> Rights:
    """The rights of an actor who sees the ticket."""
    staff, replies = actor.is_platform, _may_reply(actor, ticket)
    return Rights(
        reply=replies,
        manage_cc=_may_manage_cc(actor, ticket),
        resolve=actor.holds(Permission.TICKET_RESOLVE) and (staff or _raised(actor, ticket)),
        reopen=replies,
        rate=_may_rate(actor, ticket),
        close=staff and actor.holds(Permission.TICKET_CLOSE),
        close_nondecrement=staff and actor.holds(Permission.TICKET_CLOSE_NONDECREMENT),
        assign=_may_assign(actor),
        set_severity=_may_assign(actor),
        merge=staff and actor.holds(Permission.TICKET_MERGE),
        note_internal=staff and actor.holds(Permission.TICKET_NOTE_INTERNAL),
        revoke_temporary_account=_may_revoke(actor, ticket),
        book_appointment=_may_book(actor, ticket),
    )


def possible(actor: Actor, ticket: Standing) -> Rights:
    """The rights as far as the ticket's state lets them be used at this instant: what clients draw buttons from."""
    may = rights(actor, ticket)
    ends = reopens_until(ticket.resolved_at)
    over = ticket.status is TicketStatus.CLOSED
    replies = not over and (actor.is_platform or ends is None or actor.now < ends)
    closes = TicketStatus.CLOSED in TRANSITIONS[ticket.status]
    return Rights(
        reply=may.reply and replies,
        manage_cc=may.manage_cc,
        resolve=may.resolve and TicketStatus.RESOLVED in TRANSITIONS[ticket.status],
        reopen=may.reopen and replies and ticket.status is TicketStatus.RESOLVED,
        rate=may.rate and ticket.status in (TicketStatus.RESOLVED, TicketStatus.CLOSED),
        close=may.close and closes,
        close_nondecrement=may.close and may.close_nondecrement and closes,
        assign=may.assign and not over,
        set_severity=may.set_severity and not over,
        merge=may.merge and closes,
        note_internal=may.note_internal,
        revoke_temporary_account=may.revoke_temporary_account and not over,
        book_appointment=may.book_appointment and not over and ticket.assignee_id is not None,
    )


def _may_reply(actor: Actor, ticket: Standing) -> bool:
    """Requester, contact and CC yes, colleagues as the tenant has it (C17, AMB-6), who looks after the ticket yes."""
    if not actor.holds(Permission.TICKET_REPLY):
        return False
    if actor.is_platform or ticket.named or _raised(actor, ticket):
        return True
    if not ticket.in_charge:
        return False
    administers = actor.role not in ORDINARY
    return _holds_at(actor, ticket, Permission.TICKET_REPLY) and (administers or actor.powers.organization_replies)


def _may_manage_cc(actor: Actor, ticket: Standing) -> bool:
    """Whoever raised it, whoever administers or looks after the organisation, and the vendor; no mere colleague."""
    if actor.is_platform:
        return actor.holds(Permission.TICKET_REPLY)
    trusted = (actor.role not in ORDINARY and ticket.in_charge) or _raised(actor, ticket)
    return trusted and _holds_at(actor, ticket, Permission.TICKET_REPLY)


def _may_rate(actor: Actor, ticket: Standing) -> bool:
    """Only who asked for help says how it was (spec 3, 31)."""
    return _raised(actor, ticket) and actor.holds(Permission.TICKET_REPLY)


def _may_assign(actor: Actor) -> bool:
    """Who says which agent looks after a ticket says how urgent it is as well."""
    return actor.is_platform and actor.holds(Permission.TICKET_ASSIGN)


def _may_revoke(actor: Actor, ticket: Standing) -> bool:
    """Agents end the accounts of tickets that are assigned to them; all others as far as the act reaches (5.3)."""
    if actor.role is Role.AGENT and ticket.assignee_id != actor.user_id:
        return False
    return _holds_at(actor, ticket, Permission.TEMP_ACCOUNT_REVOKE)


def _may_book(actor: Actor, ticket: Standing) -> bool:
    """Only who raised it meets the advocate, and the vendor says when (E20)."""
    return actor.holds(Permission.APPOINTMENT_BOOK) and (actor.is_platform or _raised(actor, ticket))


def _raised(actor: Actor, ticket: Standing) -> bool:
    return ticket.requester_user_id == actor.user_id


def _holds_at(actor: Actor, ticket: Standing, permission: Permission) -> bool:
    """Whether the actor's roles hold an act where the ticket is: at home, or at a customer in PARTNER mode."""
    if actor.is_platform or ticket.tenant_id == actor.tenant_id:
        return actor.holds(permission)
    return ticket.managing_partner_id == actor.tenant_id and permission in actor.powers.managed
