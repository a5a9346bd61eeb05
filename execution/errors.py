"""Errors that a caller may read."""

from typing import Any, ClassVar


class PublicError(Exception):
    """An error whose message and code reach the caller; every other exception is masked.

    `extensions` stand beside the code in the error's `extensions`.
    """

    code: ClassVar[str] = "INTERNAL"

    def __init__(self, message: str, **extensions: Any) -> None:
        super().__init__(message)
        self.message = message
        self.extensions = extensions


class PlanError(Exception):
    """No plan can be made of an operation, by a fault of the schema: `path` has the response keys of the field."""

    def __init__(self, path: str, wrong: str) -> None:
        super().__init__(f"{path}: {wrong}")
