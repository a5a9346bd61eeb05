"""Schedules of exports that are due: each becomes an export of its owner's, once, or is stopped (spec 3, 16; 4.4).

A schedule is locked while it is looked at, and its next time is set in the transaction that writes the export: of two
workers one finds it, and a worker that dies leaves it due. The next time is after now, so that times which passed while
nobody worked are made up for by one export.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.worker.platform_actor import platform_actor
from authz.actor import Actor
from authz.gate import Gate
from authz.permissions import Permission
from domain.customers.model import ManagementRelationship
from domain.errors import ErrorCode
from domain.exports.commands import AUDITED as JOB
from domain.exports.commands import named
from domain.exports.model import UNFINISHED, ExportJob, ExportStatus
from domain.exports.schedule import ExportSchedule
from domain.exports.scheduling import AUDITED
from domain.exports.wanted import Wanted, exported
from domain.records.commands import audit_as
from domain.tenants.asking import AskedFor, who_asked
from execution.errors import PublicError
from tenancy.database import Database
from tenancy.scope import WORKER
from tenancy.session import work_of

BATCH: Final = 500
GONE: Final = "Its owner may not export tickets here any more."
DISABLED: Final = "The customers that it is about manage their tenants themselves, and have ended the access."
OWNERS: Final = tuple(AskedFor.__annotations__)
"""The columns that say who asked."""

log = structlog.get_logger()


async def run_schedules(database: Database, now: datetime) -> int:
    """Run what is due; how many were run or stopped. One that fails by our fault is due again, and keeps no other."""
    row = ExportSchedule
    async with database.reading(WORKER) as session:
        due = select(row.id).where(row.next_run_at <= now).order_by(row.next_run_at, row.id).limit(BATCH)
        keys = (await session.execute(due)).scalars().all()
    done = 0
    for key in keys:
        try:
            done += await run_schedule(database, key, now)
        except Exception:
            log.exception("scheduled export not written", schedule=str(key))
    return done


async def run_schedule(database: Database, key: UUID, now: datetime) -> bool:
    """Run one, if it is still due and nobody else is at it; whether that was so."""
    row = ExportSchedule
    due = select(row).where(row.id == key, row.next_run_at <= now).with_for_update(skip_locked=True)
    async with database.writing(WORKER) as session:
        schedule = (await session.execute(due)).scalar_one_or_none()
        if schedule is not None:
            await _run(database, session, schedule, now)
    return schedule is not None


async def _run(database: Database, session: AsyncSession, schedule: ExportSchedule, now: datetime) -> None:
    """Write its export, or stop it, as its owner stands now."""
    try:
        actor = await who_asked(database, schedule, now)
        wanted = _allowed(actor, schedule)
    except PublicError:
        await _stop(session, schedule, ErrorCode.FORBIDDEN, GONE, now)
        return
    if await _disabled(database, actor, wanted):
        await _stop(session, schedule, ErrorCode.ACCESS_DISABLED, DISABLED, now)
        return
    values: dict[str, Any] = {"next_run_at": schedule.recurrence.next_after(now)}
    if not await _unfinished(session, schedule):
        values["last_job_id"] = _export(session, schedule, actor)
        await work_of(session).send()  # before the schedule refers to it
    await _set(session, schedule, **values)


def _allowed(actor: Actor, schedule: ExportSchedule) -> Wanted:
    """What is wanted; raises `PublicError` where its owner may not have it by a schedule, or at all."""
    gate, wanted = Gate(actor.powers), Wanted.read(schedule.wanted)
    gate.grant(Permission.EXPORT_SCHEDULE)
    exported(gate, wanted)
    return wanted


async def _disabled(database: Database, actor: Actor, wanted: Wanted) -> bool:
    """Whether it is about customers alone that have all taken their management over (spec 4.4).

    A tenant of which the actor sees nothing, such as one that has gone, is no such customer: its file is empty.
    """
    tenant_ids, edge = wanted.criteria.tenant_ids, ManagementRelationship
    if not tenant_ids or not actor.powers.is_partner or not actor.holds(Permission.CUSTOMER_READ):
        return False
    async with database.reading(actor.scope) as session:
        gate = Gate(actor, session)
        customers = gate.grant(Permission.CUSTOMER_READ).select(edge).where(edge.customer_tenant_id.in_(tenant_ids))
        found = await gate.grant(Permission.CUSTOMER_READ).all(customers)
    return len(found) == len(set(tenant_ids)) and not any(customer.managed for customer in found)


async def _unfinished(session: AsyncSession, schedule: ExportSchedule) -> bool:
    """Whether its last export still waits or runs: it is not overtaken by another one."""
    status = select(ExportJob.status).where(ExportJob.id == schedule.last_job_id)
    return (await session.execute(status)).scalar_one_or_none() in UNFINISHED


def _export(session: AsyncSession, schedule: ExportSchedule, actor: Actor) -> UUID:
    """Write an export as `ticketExportCreate` does, for its owner; its id."""
    local = actor.now.astimezone(ZoneInfo(schedule.time_zone))
    row = ExportJob.row(
        **{name: getattr(schedule, name) for name in ("tenant_id", *OWNERS)},
        kind=schedule.kind,
        format=schedule.format,
        status=ExportStatus.QUEUED,
        wanted=schedule.wanted,
        file_name=named(schedule.format, schedule.file_name, local),
        created_at=actor.now,
    )
    work_of(session).write(ExportJob.__table__, [row])
    after = {"format": schedule.format.value, "wanted": schedule.wanted, "file_name": row["file_name"]}
    audit_as(session, actor, "export_job.create", JOB, row["id"], after=after | {"schedule_id": str(schedule.id)})
    key: UUID = row["id"]
    return key


async def _stop(session: AsyncSession, schedule: ExportSchedule, code: ErrorCode, message: str, now: datetime) -> None:
    """It does not come round any more; the platform has done that, as its owner may act no more."""
    await _set(session, schedule, next_run_at=None, stopped_at=now, stop_code=code.value, stop_message=message)
    if actor := await platform_actor(session, now):
        after = {"code": code.value}
        audit_as(session, actor, "export_schedule.stop", AUDITED, schedule.id, schedule.tenant_id, after=after)


async def _set(session: AsyncSession, schedule: ExportSchedule, **values: Any) -> None:
    """Write columns that are no change of the schedule: its version stays."""
    row = ExportSchedule
    changed = update(row).where(row.id == schedule.id).values(version=row.version, **values)
    await session.execute(changed.execution_options(synchronize_session=False))
