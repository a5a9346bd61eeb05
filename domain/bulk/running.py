"""Doing what was asked for, an item at a time, as who asked for it may at that instant (AMB-9).

An item and what it changes are one transaction: whoever dies in the middle has done nothing, and who takes over finds
the item waiting. The operation's row is locked meanwhile, so that nobody else does an item of it, or cancels it
halfway; who finds it locked leaves it to the other.
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.exc import StaleDataError

from authz.actor import Actor
from authz.gate import Gate
from domain.bulk.changes import Change, apply
from domain.bulk.model import UNFINISHED, BulkErrorPolicy, BulkOperation, BulkOperationItem, BulkOperationItemStatus
from domain.errors import ErrorCode, Problem, RefusedError
from domain.tenants.asking import who_asked
from execution.errors import PublicError
from tenancy.database import Database
from tenancy.scope import WORKER

REFUSALS = (RefusedError, PublicError, StaleDataError)
GONE = Problem(ErrorCode.FORBIDDEN, "Who asked for this may not act here any more.")
CONFLICT = Problem(ErrorCode.CONFLICT, "Somebody else changed this in the meantime.")
DEFECT = Problem(ErrorCode.INTERNAL, "This went wrong on our side, several times: nothing of it was done.")
MOST_ATTEMPTS: Final = 3
"""How often an item is tried that fails by a fault of ours."""


class GivenUpError(Exception):
    """An item has failed by a fault of ours, its cause, for the last time; `more` is whether another one waits."""

    def __init__(self, item_id: UUID, *, more: bool) -> None:
        super().__init__(f"the item {item_id} is given up")
        self.more = more


async def do_next(database: Database, operation_id: UUID, now: datetime) -> bool:
    """Do the next item; whether there may be another one.

    A fault of ours leaves the item as it was, to be tried again, and is raised; at last it is raised as `GivenUpError`.
    """
    async with database.reading(WORKER) as session:
        found = (await session.execute(_next(operation_id))).one_or_none()
    if found is None:
        return False
    operation, item_id = found
    try:
        actor = await who_asked(database, operation, now)
    except PublicError:
        return await _fail(database, item_id, [GONE], now)
    try:
        async with database.writing(actor.scope) as session:
            return await _do(session, actor, item_id)
    except REFUSALS as refusal:
        return await _fail(database, item_id, _problems(refusal), now)
    except Exception as fault:
        if await _attempts(database, item_id) < MOST_ATTEMPTS:
            raise
        raise GivenUpError(item_id, more=await _fail(database, item_id, [DEFECT], now)) from fault


async def _attempts(database: Database, item_id: UUID) -> int:
    """How often the item was tried in vain, this time included; a lost database cannot be noted, and is no fault."""
    row = BulkOperationItem
    counted = update(row).where(row.id == item_id).values(attempts=row.attempts + 1).returning(row.attempts)
    async with database.writing(WORKER) as session:
        return (await session.execute(counted)).scalar_one()


async def _do(session: AsyncSession, actor: Actor, item_id: UUID) -> bool:
    locked = await _locked(session, item_id)
    if locked is None:
        return False
    operation, item = locked
    await apply(Gate(actor, session), item.ticket_id, Change.read(operation.change))
    item.end(BulkOperationItemStatus.SUCCEEDED, actor.now)
    operation.succeed(actor.now)
    return operation.waiting > 0


async def _fail(database: Database, item_id: UUID, problems: list[Problem], now: datetime) -> bool:
    """Note why an item was refused, of which nothing was kept."""
    async with database.writing(WORKER) as session:
        locked = await _locked(session, item_id)
        if locked is None:
            return False
        operation, item = locked
        item.end(BulkOperationItemStatus.FAILED, now, [_plain(problem) for problem in problems])
        operation.fail(now)
        if operation.error_policy is BulkErrorPolicy.STOP and operation.waiting:
            await _skip_rest(session, operation, now)
        return operation.waiting > 0


async def _skip_rest(session: AsyncSession, operation: BulkOperation, now: datetime) -> None:
    operation.stop(now)
    await session.flush()
    row = BulkOperationItem
    waiting = update(row).where(row.operation_id == operation.id, row.status == BulkOperationItemStatus.PENDING)
    skipped = waiting.values(status=BulkOperationItemStatus.SKIPPED, ended_at=now)
    await session.execute(skipped.execution_options(synchronize_session=False))


def _next(operation_id: UUID) -> Select[BulkOperation, UUID]:
    """An operation that is not over, and the first of its items that waits."""
    item = BulkOperationItem
    found = select(BulkOperation, item.id).join(item, item.operation_id == BulkOperation.id)
    waiting = item.status == BulkOperationItemStatus.PENDING
    wanted = found.where(BulkOperation.id == operation_id, BulkOperation.status.in_(UNFINISHED), waiting)
    return wanted.order_by(item.position).limit(1)


async def _locked(session: AsyncSession, item_id: UUID) -> tuple[BulkOperation, BulkOperationItem] | None:
    """The item and its operation, which is locked; None where either is over by now, or somebody else is at it."""
    item = BulkOperationItem
    waiting = item.status == BulkOperationItemStatus.PENDING
    statement = (
        select(BulkOperation, item)
        .join(item, item.operation_id == BulkOperation.id)
        .where(item.id == item_id, BulkOperation.status.in_(UNFINISHED), waiting)
        .with_for_update(skip_locked=True)
    )
    found = (await session.execute(statement)).one_or_none()
    return (found[0], found[1]) if found else None


def _problems(refusal: Exception) -> list[Problem]:
    if isinstance(refusal, RefusedError):
        return list(refusal.problems)
    if isinstance(refusal, PublicError) and refusal.code in ErrorCode.__members__:
        return [Problem(ErrorCode(refusal.code), refusal.message)]
    return [CONFLICT]


def _plain(problem: Problem) -> dict[str, Any]:
    """As JSON keeps it."""
    return {
        "code": problem.code.value,
        "message": problem.message,
        "field": list(problem.field),
        "data": problem.data,
    }
