"""Operations on many objects, as clients see them."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from domain.bulk import queries
from domain.errors import ErrorCode, Problem
from domain.tenants import queries as tenants
from domain.tickets import queries as tickets
from resolvers.enums.bulk import (
    BulkErrorPolicy,
    BulkOperationItemStatus,
    BulkOperationKind,
    BulkOperationStatus,
    TicketBulkAction,
)
from resolvers.enums.tickets import ClosureCode
from resolvers.errors import user_error
from schema.errors import MutationPayload, UserError
from schema.fields import computed, connection, global_id, one, plain
from schema.relay import Connection, Node
from schema.tickets import Ticket

if TYPE_CHECKING:
    from schema.tenants import User

COUNTS = ("total", "succeeded", "failed", "skipped", "cancelled")
ITEM_ARGUMENTS: dict[str, Any] = {
    "statuses": (list[BulkOperationItemStatus] | None, "Only items in one of these states."),
}


@strawberry.type(description="What an operation does to each ticket.")
class TicketBulkChange:
    """Made of `domain.bulk.model.BulkOperation.change`."""

    action: TicketBulkAction = plain("What is done.")
    severity: int | None = plain("The severity that it sets; null where it sets none.")
    closure_code: ClosureCode | None = plain("The code with which it closes; null where it does not.")
    assignee: Annotated["User", strawberry.lazy("schema.tenants")] | None = one(
        tenants.users_by_ids, key="assignee_id", description="The agent to whom it gives tickets; null for nobody."
    )


def _pending(root: Any) -> int:
    total, *over = (int(root[name]) for name in COUNTS)
    return total - sum(over)


def _progress(root: Any) -> float:
    return 1 - _pending(root) / int(root["total"])


def _requested_by(root: Any) -> str:
    return str(root["actor_name"])


def _user_errors(root: Any) -> list[UserError]:
    problems = (
        Problem(ErrorCode(one["code"]), one["message"], tuple(one["field"]), one["data"]) for one in root["errors"]
    )
    return [user_error(problem) for problem in problems]  # type: ignore[misc]  # rows are dictionaries


@strawberry.type(description="One ticket of an operation, and what became of it.")
class BulkOperationItem(Node):
    """Rows of `domain.bulk.queries.items_of`."""

    id: strawberry.ID = global_id("bulkitem")
    position: int = plain("Its place in the order in which items are done, from 0 on.")
    status: BulkOperationItemStatus = plain("What became of it.")
    ticket: Ticket | None = one(
        tickets.by_ids, key="ticket_id", description="The ticket; null where there is none that you can see."
    )
    user_errors: list[UserError] = computed(
        _user_errors, needs=("errors",), description="Why it was refused, as the single mutation would have said."
    )
    ended_at: datetime | None = plain("When something became of it; null while it waits.")


@strawberry.type(description="Many changes that were asked for at once: a job, which goes on while nobody looks.")
class BulkOperation(Node):
    """Rows of `domain.bulk.queries.by_ids`."""

    id: strawberry.ID = global_id("bulk")
    kind: BulkOperationKind = plain("What kind of operation it is.")
    status: BulkOperationStatus = plain("How far it has come.")
    error_policy: BulkErrorPolicy = plain("What follows when one of its items is refused.")
    change: TicketBulkChange = one(queries.changes_of, key="id", description="What it does to each ticket.")
    requested_by: str = computed(
        _requested_by, needs=("actor_name",), description="The name of the person or the machine that asked for it."
    )
    total: int = plain("How many items it has.")
    pending: int = computed(_pending, needs=COUNTS, description="How many of them wait.")
    succeeded: int = plain("How many of them were done.")
    failed: int = plain("How many of them were refused.")
    skipped: int = plain("How many of them were left out, because another one was refused.")
    cancelled: int = plain("How many of them were left undone, because it was called off.")
    progress: float = computed(_progress, needs=COUNTS, description="The share of its items that are over, 0 to 1.")
    items: Connection[BulkOperationItem] = connection(
        queries.items_of, key="id", arguments=ITEM_ARGUMENTS, description="Its items, in the order of their doing."
    )
    created_at: datetime = plain("When it was asked for.")
    ended_at: datetime | None = plain("When it was over; null until then.")


BULK_OPERATION = "The operation; null if nothing happened."


@strawberry.type(description="What `ticketBulkUpdate` answers with.")
class TicketBulkUpdatePayload(MutationPayload):
    """Spec 3, 9."""

    bulk_operation: BulkOperation | None = one(queries.by_ids, key="bulk_operation_id", description=BULK_OPERATION)


@strawberry.type(description="What `bulkOperationCancel` answers with.")
class BulkOperationCancelPayload(MutationPayload):
    """AMB-9."""

    bulk_operation: BulkOperation | None = one(queries.by_ids, key="bulk_operation_id", description=BULK_OPERATION)
