"""`bailiwick sla recompute`: open tickets get what policies and calendars say now (spec 7).

A ticket keeps what it was promised when it was raised. Whoever changes a policy or a calendar decides whether that
holds for what is open already.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, case, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import SetupError
from app.worker.platform_actor import platform_actor
from authz.actor import Actor
from domain.records.commands import audit_as
from domain.support.calendars import calendar_of, calendars
from domain.support.model import SlaPolicy, SlaTarget, SupportRegion
from domain.tickets.model import OPEN_STATUSES, Ticket
from tenancy.database import Database
from tenancy.scope import WORKER

BATCH: Final = 500
NOWHERE: Final = UUID(int=0)


async def recompute(url: str, region: str | None, now: datetime) -> int:
    """How many open tickets, of one region or of all, are due at another time now; raises `SetupError`."""
    database = Database(url, pool_size=1)
    try:
        async with database.reading(WORKER) as session:
            found = await session.execute(select(SupportRegion.key).order_by(SupportRegion.key))
            keys = list(found.scalars())
        if region is not None and region not in keys:
            raise SetupError(f"there is no region {region}: there are {', '.join(keys)}")
        return await _all(database, [region] if region else keys, now)
    finally:
        await database.close()


async def _all(database: Database, regions: list[str], now: datetime) -> int:
    changed, after = 0, NOWHERE
    while True:
        async with database.writing(WORKER) as session:
            actor = await platform_actor(session, now)
            rows = (await session.execute(_batch(regions, after))).all()
            changed += sum([_changed(session, actor, *row) for row in rows])
        if len(rows) < BATCH:
            return changed
        after = rows[-1][0].id


def _batch(regions: list[str], after: UUID) -> Select[Any]:
    """Open tickets, locked, with their calendars and the target of their severity in their policy."""
    calendar, policy, target = calendars(), SlaPolicy, SlaTarget
    rank = case((policy.id == Ticket.sla_policy_id, 0), else_=1)
    promised = (
        select(target.clock, target.response_minutes, target.resolution_minutes)
        .add_columns(policy.id.label("policy_id"), policy.version.label("policy_version"))
        .join(policy, policy.id == target.policy_id)
        .where(target.severity == Ticket.severity)
        .where((policy.id == Ticket.sla_policy_id) | policy.plan_name.is_(None))
        .order_by(rank)
        .limit(1)
        .lateral("promised")
    )
    return (
        select(Ticket, calendar.c.calendar, *promised.c)
        .join(SupportRegion, SupportRegion.id == Ticket.region_id)
        .join(calendar, calendar.c.region_id == SupportRegion.id)
        .join(promised, promised.c.clock.is_not(None))
        .where(SupportRegion.key.in_(regions), Ticket.status.in_(OPEN_STATUSES), Ticket.id > after)
        .order_by(Ticket.id)
        .limit(BATCH)
        .with_for_update(of=Ticket)
    )


def _changed(session: AsyncSession, actor: Actor | None, ticket: Ticket, calendar: str, *promised: Any) -> bool:
    names = ("clock", "response_minutes", "resolution_minutes", "policy_id", "policy_version")
    before = _due(ticket)
    ticket.promise(ticket.created_at, dict(zip(names, promised, strict=True)), calendar_of(calendar))
    after = _due(ticket)
    if actor is not None and after != before:
        noted: dict[str, Any] = {"before": before, "after": {"number": ticket.number} | after}
        noted["private_to"] = ticket.private_to
        audit_as(session, actor, "ticket.sla_recompute", "ticket", ticket.id, ticket.tenant_id, **noted)
    return after != before


def _due(ticket: Ticket) -> dict[str, Any]:
    due = {"response_due_at": ticket.response_due_at, "resolution_due_at": ticket.resolution_due_at}
    return {name: at.isoformat() if at else None for name, at in due.items()}
