"""Granting and ending temporary support accounts (A17-A19, AMB-17 to AMB-19)."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from authz.errors import ForbiddenError
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.records.commands import audit
from domain.tickets.access import rights_at
from domain.tickets.events import TicketEventKind, happened
from domain.tickets.model import TemporaryAccountStatus, TemporarySupportAccount, Ticket
from domain.tickets.notices import tell_vendor

LIFETIME = timedelta(days=15)
AUDITED = "temporary_account"
ENDED: Final[dict[str, Any]] = {
    "before": {"status": TemporaryAccountStatus.ACTIVE.value},
    "after": {"status": TemporaryAccountStatus.REVOKED.value},
}
"""What the log has of an account that ends before its time."""


async def grant_account(grant: Grant, ticket: Ticket) -> None:
    """Let the vendor's support team look into the tenant and service for 15 days from now (A18, A19, AMB-18)."""
    account = await _live(grant, ticket)
    if account is None:
        open_account(grant, ticket)
    else:
        account.granted_at, account.expires_at = grant.now, grant.now + LIFETIME
        _note_granted(grant, ticket, account.id)


def open_account(grant: Grant, ticket: Ticket) -> None:
    """The same where there can be none yet: for a new ticket."""
    account = TemporarySupportAccount.row(
        tenant_id=ticket.tenant_id,
        managing_partner_id=ticket.managing_partner_id,
        ticket_id=ticket.id,
        service_id=ticket.service_id,
        granted_at=grant.now,
        expires_at=grant.now + LIFETIME,
    )
    grant.write(TemporarySupportAccount, account)
    _note_granted(grant, ticket, account["id"])


def _note_granted(grant: Grant, ticket: Ticket, account_id: UUID) -> None:
    ends = (grant.now + LIFETIME).isoformat()
    noted = {"ticket": ticket.number, "expires_at": ends}
    happened(grant, ticket, TicketEventKind.TEMPORARY_ACCESS_GRANTED, after=ends)
    tell_vendor(grant, ticket, "ticket.temporary_access_granted")
    audit(grant, "temporary_account.grant", AUDITED, account_id, ticket.tenant_id, after=noted)


async def end_account(grant: Grant, ticket: Ticket) -> None:
    """End what is still live of a ticket that is closed (AMB-19)."""
    account = await _live(grant, ticket)
    if account is not None and account.state(grant.now) is TemporaryAccountStatus.ACTIVE:
        await _end(grant, ticket, account)


@requires(Permission.TEMP_ACCOUNT_REVOKE)
async def revoke(grant: Grant, account_id: UUID) -> None:
    """End a temporary support account before its time (AMB-17)."""
    account = await grant.get(TemporarySupportAccount, account_id, lock=True)
    ticket = await grant.get(Ticket, account.ticket_id)
    if not (await rights_at(grant, ticket)).revoke_temporary_account:
        raise ForbiddenError
    await _end(grant, ticket, account)


async def _end(grant: Grant, ticket: Ticket, account: TemporarySupportAccount) -> None:
    account.revoke(grant.actor.user_id, grant.now)
    audit(grant, "temporary_account.revoke", AUDITED, account.id, account.tenant_id, **ENDED)
    tell_revoked(grant, ticket)


def tell_revoked(grant: Grant, ticket: Ticket) -> None:
    """Let those who follow the ticket know that its account was ended before its time."""
    happened(grant, ticket, TicketEventKind.TEMPORARY_ACCESS_REVOKED)
    tell_vendor(grant, ticket, "ticket.temporary_access_revoked")


async def _live(grant: Grant, ticket: Ticket) -> TemporarySupportAccount | None:
    """Of a ticket that is locked: who invites for it, or closes it, decides of its account without reading of it."""
    account = TemporarySupportAccount
    live = select(account).where(account.ticket_id == ticket.id, account.status == TemporaryAccountStatus.ACTIVE)
    found: TemporarySupportAccount | None = await grant.first(live.with_for_update(of=account))
    return found
