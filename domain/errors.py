"""How a command refuses: typed problems that name the field (spec 0.2, 8)."""

import dataclasses
from collections.abc import Sequence, Sized
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NoReturn


class ErrorCode(StrEnum):
    """Every reason for which a mutation refuses."""

    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    REQUIRED = "REQUIRED"
    TOO_LONG = "TOO_LONG"
    OUT_OF_RANGE = "OUT_OF_RANGE"
    INVALID_TEXT = "INVALID_TEXT"
    INVALID_EMAIL = "INVALID_EMAIL"
    INVALID_PHONE = "INVALID_PHONE"
    INVALID_URL = "INVALID_URL"
    ADDRESS_NOT_ALLOWED = "ADDRESS_NOT_ALLOWED"
    DOMAIN_NOT_ALLOWED = "DOMAIN_NOT_ALLOWED"
    MEDIA_TYPE_MISMATCH = "MEDIA_TYPE_MISMATCH"
    FILE_QUARANTINED = "FILE_QUARANTINED"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    CONFLICT = "CONFLICT"
    IDEMPOTENCY_MISMATCH = "IDEMPOTENCY_MISMATCH"
    RATE_LIMITED = "RATE_LIMITED"
    CONFIRMATION_MISMATCH = "CONFIRMATION_MISMATCH"
    IRREVERSIBLE_TRANSITION = "IRREVERSIBLE_TRANSITION"
    INVALID_TRANSITION = "INVALID_TRANSITION"
    ACCESS_DISABLED = "ACCESS_DISABLED"
    OPTION_UNAVAILABLE = "OPTION_UNAVAILABLE"
    ENVIRONMENT_NOT_SUPPORTED = "ENVIRONMENT_NOT_SUPPORTED"
    ENVIRONMENT_MISMATCH = "ENVIRONMENT_MISMATCH"
    CASE_NOT_FOUND = "CASE_NOT_FOUND"
    CASE_CLOSED = "CASE_CLOSED"
    SERVICE_MISMATCH = "SERVICE_MISMATCH"
    PRIVACY_AGREEMENT_REQUIRED = "PRIVACY_AGREEMENT_REQUIRED"
    AGREEMENT_REQUIRED = "AGREEMENT_REQUIRED"
    SUPPORT_CONTRACT_REQUIRED = "SUPPORT_CONTRACT_REQUIRED"
    INVALID_CONTRACT_IDS = "INVALID_CONTRACT_IDS"
    CONTRACT_NOT_ELIGIBLE = "CONTRACT_NOT_ELIGIBLE"
    CONTRACT_EXPIRED = "CONTRACT_EXPIRED"
    CONTRACT_NOT_APPLICABLE = "CONTRACT_NOT_APPLICABLE"
    NO_AVAILABLE_INCIDENTS = "NO_AVAILABLE_INCIDENTS"
    WRONG_CHANNEL = "WRONG_CHANNEL"
    WRONG_SIGN_IN = "WRONG_SIGN_IN"
    DELEGATED_ADMIN_REQUIRED = "DELEGATED_ADMIN_REQUIRED"
    SUBSCRIPTION_WRITE_REQUIRED = "SUBSCRIPTION_WRITE_REQUIRED"
    ON_BEHALF_NOT_ALLOWED = "ON_BEHALF_NOT_ALLOWED"
    TICKET_CLOSED = "TICKET_CLOSED"
    TICKET_OPEN = "TICKET_OPEN"
    NO_ADVOCATE_ASSIGNED = "NO_ADVOCATE_ASSIGNED"
    SLOT_TAKEN = "SLOT_TAKEN"
    TENANT_MISMATCH = "TENANT_MISMATCH"
    TOKEN_INVALID = "TOKEN_INVALID"
    INTERNAL = "INTERNAL"


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason for refusing: its code, the path of the input field (or none), and data that clients can use."""

    code: ErrorCode
    message: str
    field: tuple[str, ...] = ()
    data: dict[str, Any] = dataclasses.field(default_factory=dict)


class RefusedError(Exception):
    """A command refused, for one or more reasons; nothing of it is kept."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{p.code}: {p.message}" for p in problems))
        self.problems = tuple(problems)


def refuse(code: ErrorCode, message: str, *path: str, **data: Any) -> NoReturn:
    """Refuse for one reason that concerns the input field at `path`."""
    raise RefusedError([Problem(code, message, path, data)])


class Problems:
    """Collects every reason before refusing, so that a form gets all its errors at once."""

    def __init__(self) -> None:
        self._found: list[Problem] = []

    def add(self, code: ErrorCode, message: str, *path: str, **data: Any) -> None:
        """Note one reason that concerns the input field at `path`."""
        self.note(Problem(code, message, path, data))

    def too_many(self, given: Sized, most: int, what: str, *path: str) -> bool:
        """Whether there are more than `most` of them; if so, that is noted: `what` are their names in the plural."""
        if len(given) <= most:
            return False
        message = f"There are {len(given)} {what}; at most {most} are allowed."
        self.add(ErrorCode.LIMIT_EXCEEDED, message, *path, limit=most, actual=len(given))
        return True

    def note(self, problem: Problem) -> None:
        """Note one reason as somebody else has found it."""
        self._found.append(problem)

    def __bool__(self) -> bool:
        """Whether anything was noted."""
        return bool(self._found)

    def refuse_if_any(self) -> None:
        """Raise `RefusedError` with everything that was noted."""
        if self._found:
            raise RefusedError(self._found)
