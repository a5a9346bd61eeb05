"""What time alone makes due: jobs that run every so often, at one worker at a time.

None of them decides who may do what: what has expired is refused by comparison, whether or not it was swept.
"""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select, update

from app.worker.platform_actor import platform_actor
from app.worker.queue import Pool
from authz.actor import Actor
from authz.errors import NotFoundError
from authz.gate import Gate
from domain.errors import RefusedError
from domain.records.commands import audit_as
from domain.tickets.closing import close
from domain.tickets.model import ClosureCode, TemporaryAccountStatus, TemporarySupportAccount, Ticket, TicketStatus
from tenancy.database import Database
from tenancy.scope import WORKER

BATCH: Final = 500
KEPT_DAYS: Final = 7


async def close_resolved(database: Database, days: int, now: datetime) -> int:
    """Close what was resolved `days` ago and not taken up again, without credit (spec 4.2); how many there were."""
    async with database.reading(WORKER) as session:
        over = Ticket.status == TicketStatus.RESOLVED, Ticket.resolved_at <= now - timedelta(days=days)
        statement = select(Ticket.id, Ticket.version).where(*over).order_by(Ticket.resolved_at).limit(BATCH)
        due = (await session.execute(statement)).all()
        actor = await platform_actor(session, now)
    return sum([await _close(database, actor, *row) for row in due]) if actor else 0


async def _close(database: Database, actor: Actor, ticket_id: UUID, version: int) -> bool:
    """Whether it was closed: not if somebody changed it since it was looked at."""
    try:
        async with database.writing(actor.scope) as session:
            await close(Gate(actor, session), ticket_id, ClosureCode.DECREMENT, version)
    except (RefusedError, NotFoundError):
        return False
    return True


async def sweep_accounts(database: Database, now: datetime) -> int:
    """Delete temporary support accounts that have ended; their rows stay as a record (A19, spec 4.2)."""
    account = TemporarySupportAccount
    over = or_(account.expires_at <= now, account.status == TemporaryAccountStatus.REVOKED)
    swept = update(account).where(account.deleted_at.is_(None), over).values(deleted_at=now)
    async with database.writing(WORKER) as session:
        actor = await platform_actor(session, now)
        if actor is None:
            return 0
        ended = (await session.execute(swept.returning(account.id, account.tenant_id))).all()
        for key, tenant_id in ended:
            audit_as(session, actor, "temporary_account.delete", "temporary_account", key, tenant_id)
    return len(ended)


async def trim_log(pool: Pool) -> None:
    """Forget what jobs ran; what became of mail is in the delivery log."""
    old = f"created < now() - interval '{KEPT_DAYS} days'"
    await pool.execute(f"DELETE FROM queue.pgqueuer_log WHERE {old} AND aggregated")  # noqa: S608 - a constant
    await pool.execute(f"DELETE FROM queue.pgqueuer_statistics WHERE {old}")  # noqa: S608 - a constant
