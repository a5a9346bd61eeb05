"""What of an exception a caller may read; the one place that masks (spec 0.2)."""

from collections.abc import Sequence
from typing import Any, Final

import structlog
from graphql import FieldNode, GraphQLError

from app.http.errors import BadUserInputError, InternalError
from execution.errors import PublicError

LOG: Final = structlog.get_logger("bailiwick.http")


def present(error: Exception, request_id: str) -> dict[str, Any]:
    """An error as the response has it: message, locations, path, and `extensions.code`.

    Public errors keep their message, code and extensions. An argument that GraphQL itself refuses is
    BAD_USER_INPUT. Anything else is logged with its traceback and answered as "Internal error".
    """
    shown: dict[str, Any] = {"message": ""}
    if isinstance(error, GraphQLError):
        formatted = error.formatted
        shown.update({key: formatted[key] for key in ("locations", "path") if key in formatted})
    public = _public(_cause(error), request_id, shown.get("path"))
    shown["message"] = public.message
    shown["extensions"] = {**public.extensions, "code": public.code}
    return shown


def present_all(errors: Sequence[Exception], request_id: str, most: int) -> list[dict[str, Any]]:
    """The first `most` errors; when there are more, a last one says how many."""
    shown = [present(error, request_id) for error in errors[:most]]
    rest = len(errors) - most
    if rest > 0:
        extensions = {"what": "errors", "limit": most, "actual": len(errors), "code": "LIMIT_EXCEEDED"}
        shown.append({"message": f"{rest:,} more errors are not shown.", "extensions": extensions})
    return shown


def _cause(error: Exception) -> Exception:
    """The innermost exception: graphql-core wraps what resolvers raise."""
    while isinstance(error, GraphQLError) and error.original_error is not None:
        error = error.original_error
    return error


def _public(cause: Exception, request_id: str, path: list[str | int] | None) -> PublicError:
    if isinstance(cause, PublicError):
        return cause
    if isinstance(cause, GraphQLError) and _blames_the_document(cause):
        return BadUserInputError(cause.message)
    LOG.error("unexpected error", request_id=request_id, path=path, exc_info=cause)
    return InternalError(request_id)


def _blames_the_document(error: GraphQLError) -> bool:
    """Whether GraphQL refused an argument or a directive: only then are its nodes others than fields."""
    return any(not isinstance(node, FieldNode) for node in error.nodes or ())
