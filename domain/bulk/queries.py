"""Every SELECT of operations on many objects."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Select, Uuid, cast

from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.bulk.model import BulkOperation, BulkOperationItem, BulkOperationItemStatus
from execution.paging import Key, Listing, bounded
from execution.relation import Parents


@requires(Permission.TICKET_BULK_UPDATE)
def by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Operations by their ids."""
    return grant.rows_of(BulkOperation).where(parents.match(BulkOperation.id))


@requires(Permission.TICKET_BULK_UPDATE)
def listing(grant: Grant) -> Listing:
    """Operations that the actor sees, newest first."""
    row = BulkOperation
    return Listing(grant.rows_of(row), (Key(row.created_at, descending=True), Key(row.id, descending=True)))


@requires(Permission.TICKET_BULK_UPDATE)
def changes_of(grant: Grant, parents: Parents) -> Select[Any]:
    """What these operations do to each of their objects."""
    row = BulkOperation
    parts = {name: row.change[name] for name in ("action", "severity", "assignee_id", "closure_code")}
    return grant.select(
        row,
        parts["action"].astext.label("action"),
        cast(parts["severity"].astext, BigInteger).label("severity"),
        cast(parts["assignee_id"].astext, Uuid).label("assignee_id"),
        parts["closure_code"].astext.label("closure_code"),
    ).where(parents.match(row.id))


@requires(Permission.TICKET_BULK_UPDATE)
def items_of(grant: Grant, parents: Parents, *, statuses: Sequence[BulkOperationItemStatus] | None = None) -> Listing:
    """The items of these operations, in the order in which they are done."""
    row = BulkOperationItem
    statement = grant.rows_of(row).where(parents.match(row.operation_id))
    if statuses is not None:
        statement = statement.where(row.status.in_(bounded("statuses", statuses)))
    return Listing(statement, (Key(row.position), Key(row.id)))


@requires(Permission.TICKET_BULK_UPDATE)
def items_by_ids(grant: Grant, parents: Parents) -> Select[Any]:
    """Items by their ids."""
    return grant.rows_of(BulkOperationItem).where(parents.match(BulkOperationItem.id))
