"""Ending temporary support accounts before their time (AMB-17)."""

from sqlalchemy import select, update

from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.records.commands import audit
from domain.tickets.model import TemporaryAccountStatus, TemporarySupportAccount, Ticket
from domain.tickets.temporary_accounts import AUDITED, ENDED, tell_revoked


@requires(Permission.TEMP_ACCOUNT_REVOKE)
async def revoke_all(grant: Grant) -> None:
    """End every temporary support account that can still be used in the acting tenant.

    Those who follow its tickets are told, also where whoever ends it reads no tickets.
    """
    account = TemporarySupportAccount
    revoked = (
        update(account)
        .where(
            account.tenant_id == grant.actor.tenant_id,
            account.status == TemporaryAccountStatus.ACTIVE,
            account.expires_at > grant.now,
        )
        .values(status=TemporaryAccountStatus.REVOKED, revoked_at=grant.now, revoked_by=grant.actor.user_id)
        .returning(account.id, account.ticket_id)
    )
    ended = {row.ticket_id: row.id for row in (await grant.run(revoked)).all()}
    for ticket in await grant.all(select(Ticket).where(Ticket.id.in_(ended))):
        tell_revoked(grant, ticket)
    for account_id in ended.values():
        audit(grant, "temporary_account.revoke", AUDITED, account_id, **ENDED)
