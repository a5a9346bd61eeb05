"""Asking for many changes at once, and calling them off (spec 3, 9; AMB-9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import func, update

from authz import binds
from authz.errors import ForbiddenError
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.bulk.changes import ACTS, Change
from domain.bulk.model import (
    UNFINISHED,
    BulkErrorPolicy,
    BulkOperation,
    BulkOperationItem,
    BulkOperationItemStatus,
    BulkOperationKind,
)
from domain.errors import ErrorCode, Problems, refuse
from domain.records.commands import audit
from domain.records.turns import take_turn
from domain.tenants.asking import asked_by
from domain.tickets.criteria import TicketCriteria, matching
from domain.tickets.model import Ticket

MOST_TICKETS: Final = 500
MOST_UNFINISHED: Final = 10
"""Operations of one principal that may wait or run."""
AUDITED: Final = "bulk_operation"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which tickets: these, in their order, or those that are found now."""

    ticket_ids: tuple[UUID, ...] | None = None
    criteria: TicketCriteria | None = None


@requires(Permission.TICKET_BULK_UPDATE)
async def submit(grant: Grant, chosen: Chosen, change: Change, policy: BulkErrorPolicy) -> UUID:
    """Note what is to be done; a worker does it, whether or not the actor stays.

    Of tickets that are named nothing is looked at: what is not seen is the item's error, as of the single mutation.
    """
    if not grant.actor.holds(ACTS[change.action]):
        raise ForbiddenError
    problems = Problems()
    change.check(problems)
    keys = await _keys(grant, chosen, problems)
    problems.refuse_if_any()
    await _check_unfinished(grant)
    return _write(grant, keys, change, policy)


@requires(Permission.TICKET_BULK_UPDATE)
async def cancel(grant: Grant, operation_id: UUID) -> UUID:
    """Leave undone what waits (AMB-9). The item that runs now is waited for, and stays as it becomes."""
    operation = await grant.get(BulkOperation, operation_id, lock=True)
    before = {"status": operation.status.value}
    operation.cancel(grant.now)
    row = BulkOperationItem
    waiting = update(row).where(row.operation_id == operation.id, row.status == BulkOperationItemStatus.PENDING)
    cancelled = waiting.values(status=BulkOperationItemStatus.CANCELLED, ended_at=grant.now)
    await grant.run(cancelled.execution_options(synchronize_session=False))
    after = {"status": operation.status.value, "cancelled": operation.cancelled}
    audit(grant, "bulk_operation.cancel", AUDITED, operation.id, before=before, after=after)
    return operation.id


async def _keys(grant: Grant, chosen: Chosen, problems: Problems) -> Sequence[UUID]:
    if (chosen.ticket_ids is None) == (chosen.criteria is None):
        problems.add(ErrorCode.REQUIRED, "Give either the tickets or a filter that finds them.", "ticketIds")
        return ()
    if chosen.criteria is not None:
        return await _found(grant, chosen.criteria, problems)
    keys = list(dict.fromkeys(chosen.ticket_ids or ()))
    if not keys:
        problems.add(ErrorCode.REQUIRED, "Give at least one ticket.", "ticketIds")
    _check_number(len(keys), problems, "ticketIds")
    return keys


async def _found(grant: Grant, criteria: TicketCriteria, problems: Problems) -> Sequence[UUID]:
    """What the filter finds at this instant, the oldest first; later ones are not among them."""
    conditions = matching(criteria)
    number = await grant.first(grant.select(Ticket, func.count()).where(*conditions))
    if not number:
        problems.add(ErrorCode.NOT_FOUND, "The filter finds no ticket that you can see.", "filter")
    if not _check_number(number, problems, "filter"):
        return ()
    found = grant.select(Ticket, Ticket.id).where(*conditions).order_by(Ticket.created_at, Ticket.id)
    return await grant.all(found.limit(MOST_TICKETS))


def _check_number(number: int, problems: Problems, field: str) -> bool:
    if number > MOST_TICKETS:
        message = f"These are {number} tickets; at most {MOST_TICKETS} are allowed at once."
        problems.add(ErrorCode.LIMIT_EXCEEDED, message, field, limit=MOST_TICKETS, actual=number)
    return number <= MOST_TICKETS


async def _check_unfinished(grant: Grant) -> None:
    await take_turn(grant, AUDITED, grant.actor.user_id)
    row = BulkOperation
    mine = grant.select(row, func.count()).where(row.user_id == binds.USER, row.status.in_(UNFINISHED))
    number = await grant.first(mine)
    if number >= MOST_UNFINISHED:
        message = f"{number} operations of yours are not over; at most {MOST_UNFINISHED} are allowed at once."
        refuse(ErrorCode.LIMIT_EXCEEDED, message, limit=MOST_UNFINISHED, actual=number)


def _write(grant: Grant, keys: Sequence[UUID], change: Change, policy: BulkErrorPolicy) -> UUID:
    actor = grant.actor
    operation = BulkOperation.row(
        **asked_by(actor),
        kind=BulkOperationKind.TICKET_UPDATE,
        error_policy=policy,
        change=change.stored(),
        total=len(keys),
        created_at=grant.now,
    )
    key: UUID = operation["id"]
    of = {"tenant_id": actor.tenant_id, "operation_id": key}
    items = [BulkOperationItem.row(**of, position=n, ticket_id=ticket) for n, ticket in enumerate(keys)]
    grant.write(BulkOperation, operation)
    grant.write(BulkOperationItem, *items)
    noted = {"change": change.stored(), "total": len(keys), "error_policy": policy.value}
    audit(grant, "bulk_operation.submit", AUDITED, key, after=noted)
    return key
