"""What can be done to many tickets: each change is the command of the single ticket, with the same rights."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from authz.gate import Gate
from authz.permissions import Permission
from domain.errors import ErrorCode, Problems
from domain.tickets.assigning import assign
from domain.tickets.closing import close, resolve
from domain.tickets.opening import check_severity
from domain.tickets.severity import set_severity
from domain.tickets.states import ClosureCode


class TicketBulkAction(StrEnum):
    """What is done to each ticket."""

    ASSIGN = "ASSIGN"
    SET_SEVERITY = "SET_SEVERITY"
    RESOLVE = "RESOLVE"
    CLOSE = "CLOSE"


ACTS = {
    TicketBulkAction.ASSIGN: Permission.TICKET_ASSIGN,
    TicketBulkAction.SET_SEVERITY: Permission.TICKET_ASSIGN,
    TicketBulkAction.RESOLVE: Permission.TICKET_RESOLVE,
    TicketBulkAction.CLOSE: Permission.TICKET_CLOSE,
}
"""What it takes to do so to one ticket."""
OWNERS = {
    "assigneeId": TicketBulkAction.ASSIGN,
    "severity": TicketBulkAction.SET_SEVERITY,
    "closureCode": TicketBulkAction.CLOSE,
}
"""The action to which a field of the form belongs; ASSIGN without an agent gives back to the queue."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is done to each ticket, with what that takes."""

    action: TicketBulkAction
    assignee_id: UUID | None = None
    severity: int | None = None
    closure_code: ClosureCode | None = None

    def check(self, problems: Problems) -> None:
        """What the action takes must be given, and nothing that belongs to another."""
        given = {"assigneeId": self.assignee_id, "severity": self.severity, "closureCode": self.closure_code}
        for name, value in given.items():
            mine = OWNERS[name] is self.action
            if value is None and mine and name != "assigneeId":
                problems.add(ErrorCode.REQUIRED, f"{self.action} takes this.", "change", name)
            elif value is not None and not mine:
                problems.add(ErrorCode.OUT_OF_RANGE, f"{self.action} does not take this.", "change", name)
        if self.action is TicketBulkAction.SET_SEVERITY:
            check_severity(self.severity, problems, "change")

    def stored(self) -> dict[str, Any]:
        """As it is kept with the operation."""
        return {
            "action": self.action.value,
            "assignee_id": str(self.assignee_id) if self.assignee_id else None,
            "severity": self.severity,
            "closure_code": self.closure_code.value if self.closure_code else None,
        }

    @classmethod
    def read(cls, stored: dict[str, Any]) -> "Change":
        """What `stored` has kept."""
        assignee, code = stored["assignee_id"], stored["closure_code"]
        return cls(
            TicketBulkAction(stored["action"]),
            UUID(assignee) if assignee else None,
            stored["severity"],
            ClosureCode(code) if code else None,
        )


async def apply(gate: Gate, ticket_id: UUID, change: Change) -> None:
    """Do it to one ticket, by the very command that the single mutation runs."""
    if change.action is TicketBulkAction.ASSIGN:
        await assign(gate, ticket_id, change.assignee_id, None)
    elif change.action is TicketBulkAction.RESOLVE:
        await resolve(gate, ticket_id, None)
    elif change.severity is not None:
        await set_severity(gate, ticket_id, change.severity, None)
    elif change.closure_code is not None:
        await close(gate, ticket_id, change.closure_code, None)
