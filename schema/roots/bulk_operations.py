"""Root fields of operations on many objects."""

import strawberry

from resolvers import bulk_operations as resolvers
from schema.bulk_operations import BulkOperation, BulkOperationCancelPayload, TicketBulkUpdatePayload
from schema.fields import live
from schema.relay import Connection


@strawberry.type
class BulkOperationQueries:
    """What can be asked."""

    bulk_operation: BulkOperation | None = strawberry.field(
        resolver=resolvers.bulk_operation, description="One bulk operation by its id."
    )
    bulk_operations: Connection[BulkOperation] = strawberry.field(
        resolver=resolvers.bulk_operations,
        description="Your bulk operations, newest first; for a lead those of all agents and machines.",
    )


@strawberry.type
class BulkOperationMutations:
    """What can be done."""

    ticket_bulk_update: TicketBulkUpdatePayload = strawberry.field(
        resolver=resolvers.ticket_bulk_update,
        description="Change up to 500 tickets, for the vendor's support team and its machines: the answer is an "
        "operation, which goes on by itself, each ticket in a transaction of its own, by your rights at that instant.",
    )
    bulk_operation_cancel: BulkOperationCancelPayload = strawberry.field(
        resolver=resolvers.bulk_operation_cancel,
        description="Call an operation off: what waits is left undone, what was done stays done.",
    )


@strawberry.type
class BulkOperationSubscriptions:
    """What can be followed."""

    bulk_operation_updated: BulkOperation = live(
        resolvers.bulk_operation_source,
        resolvers.bulk_operation_updated,
        "One bulk operation: at once, and whenever it has moved on.",
    )
