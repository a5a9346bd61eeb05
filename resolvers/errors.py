"""Refusals as clients read them: one concrete type for each kind of data that an error carries (spec 8)."""

from typing import Any

from domain.errors import ErrorCode, Problem
from execution.errors import PublicError
from execution.ids import encode

TYPES = {
    ErrorCode.FORBIDDEN: "AccessError",
    ErrorCode.NOT_FOUND: "AccessError",
    ErrorCode.ACCESS_DISABLED: "AccessError",
    ErrorCode.ON_BEHALF_NOT_ALLOWED: "AccessError",
    ErrorCode.LIMIT_EXCEEDED: "LimitExceededError",
    ErrorCode.IRREVERSIBLE_TRANSITION: "TransitionError",
    ErrorCode.INVALID_TRANSITION: "TransitionError",
    ErrorCode.TICKET_CLOSED: "TicketClosedError",
    ErrorCode.OPTION_UNAVAILABLE: "OptionUnavailableError",
    ErrorCode.CONFLICT: "ConflictError",
    ErrorCode.SUPPORT_CONTRACT_REQUIRED: "EntitlementError",
    ErrorCode.INVALID_CONTRACT_IDS: "EntitlementError",
    ErrorCode.CONTRACT_NOT_ELIGIBLE: "EntitlementError",
    ErrorCode.CONTRACT_EXPIRED: "EntitlementError",
    ErrorCode.CONTRACT_NOT_APPLICABLE: "EntitlementError",
    ErrorCode.NO_AVAILABLE_INCIDENTS: "EntitlementError",
}


class _ErrorRow(dict[str, Any]):
    """An error: what a problem does not carry is null."""

    def __missing__(self, _key: str) -> None:
        return None


class RefusedQueryError(PublicError):
    """Why a query has no answer, as its error."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.code = problem.code.value  # type: ignore[misc]  # each reason has its own


def user_error(problem: Problem) -> dict[str, Any]:
    """The row of a `UserError`."""
    data = dict(problem.data)
    if "eligible" in data:
        data["eligible"] = [encode("contract", key) for key in data["eligible"]]
    return _ErrorRow(
        data,
        __typename=TYPES.get(problem.code, "ValidationError"),
        code=problem.code,
        message=problem.message,
        field=list(problem.field) or None,
    )
