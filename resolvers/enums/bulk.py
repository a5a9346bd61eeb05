"""The enums of operations on many objects."""

from domain.bulk.changes import TicketBulkAction
from domain.bulk.model import BulkErrorPolicy, BulkOperationItemStatus, BulkOperationKind, BulkOperationStatus
from resolvers.enums.describe import describe

__all__ = [
    "BulkErrorPolicy",
    "BulkOperationItemStatus",
    "BulkOperationKind",
    "BulkOperationStatus",
    "TicketBulkAction",
]

describe(
    TicketBulkAction,
    "What is done to each ticket, as the mutation of the single ticket does it.",
    ASSIGN="It is given to the agent `assigneeId`, or, without one, back to the queue.",
    SET_SEVERITY="It gets the `severity`.",
    RESOLVE="It is called solved.",
    CLOSE="It is closed with the `closureCode`.",
)
describe(
    BulkErrorPolicy,
    "What follows when one of many is refused.",
    IGNORE_FAILED="The others are done all the same.",
    STOP="What waits is left out; what was done stays done.",
)
describe(BulkOperationKind, "What kind of operation it is.", TICKET_UPDATE="It changes tickets.")
describe(
    BulkOperationStatus,
    "How far an operation has come.",
    PENDING="It waits to be begun.",
    RUNNING="Its items are being done.",
    COMPLETED="All its items went well.",
    COMPLETED_WITH_ERRORS="It went through, and some of its items were refused.",
    CANCELLED="It was called off: what waited then is left undone.",
    FAILED="It stopped at an item that was refused, as it was to.",
)
describe(
    BulkOperationItemStatus,
    "What became of one item.",
    PENDING="It waits.",
    SUCCEEDED="It was done.",
    FAILED="It was refused; its `userErrors` say why.",
    SKIPPED="It was left out, because another item had been refused.",
    CANCELLED="It was left undone, because the operation was called off.",
)
