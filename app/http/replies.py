"""Turns results and refusals into responses with the status that the media type asks for."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import orjson
from graphql import ExecutionResult
from starlette.responses import Response

from app.http.errors import HttpError, RequestError
from app.http.masking import present, present_all
from app.http.negotiation import JSON
from app.http.rate_limit import RateLimitedError

PARTIAL_SUCCESS: Final = 294
"""Data and errors (GraphQL over HTTP, September 2026); clients that do not know it treat it as 200."""

STATUS: Final[Mapping[str, int]] = {
    "UNAUTHENTICATED": 401,
    "PERSISTED_QUERY_NOT_FOUND": 200,
    "FORBIDDEN": 403,
    "DOCUMENT_NOT_TRUSTED": 403,
    "INTROSPECTION_DISABLED": 403,
    "OPERATION_RESOLUTION_FAILURE": 422,
    "RATE_LIMITED": 429,
    "INTERNAL": 500,
    "TIMEOUT": 503,
}
"""The status of a request that did not run, by its code; 400 for every other code."""

KEPT_FOR_JSON: Final = frozenset({401, 429, 500, 503})
"""With `application/json` a well-formed request that did not run has 200, but for these."""


NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})


class Reply(NamedTuple):
    """One GraphQL response: its body, its status as `application/graphql-response+json`, and headers."""

    body: Mapping[str, Any]
    status: int = 200
    headers: Mapping[str, str] = NO_HEADERS
    well_formed: bool = True

    def status_for(self, media_type: str) -> int:
        """The status with this media type."""
        if media_type == JSON and self.well_formed and self.status not in KEPT_FOR_JSON:
            return 200
        return self.status


class Answer(Response):
    """A response of bytes with headers as ASGI has them; Starlette would make them anew each time."""

    def __init__(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        self.status_code = status
        self.raw_headers = headers
        self.body = body
        self.background = None


def of_result(result: ExecutionResult, request_id: str, max_errors: int) -> Reply:
    """The reply to an operation that ran; without `data` when its errors say that it never began."""
    if not result.errors:
        return Reply(_with_extensions({"data": result.data}, result))
    errors = present_all(result.errors, request_id, max_errors)
    if result.data is None and all(error.path is None for error in result.errors):
        return Reply({"errors": errors}, STATUS.get(errors[0]["extensions"]["code"], 400))
    return Reply(_with_extensions({"errors": errors, "data": result.data}, result), PARTIAL_SUCCESS)


def of_refusal(error: Exception, request_id: str) -> Reply:
    """The reply to a request that did not run: `errors` and no `data`."""
    if isinstance(error, RequestError):
        return Reply({"errors": error.presented()}, STATUS.get(error.code, 400))
    shown = present(error, request_id)
    body = {"errors": [shown]}
    if isinstance(error, HttpError):
        return Reply(body, error.status, error.headers, well_formed=False)
    status = STATUS.get(shown["extensions"]["code"], 400)
    return Reply(body, status, _headers(error, status))


def respond(reply: Reply, media_type: str) -> Response:
    """The HTTP response of a single reply."""
    return _response(reply.body, reply.status_for(media_type), media_type, reply.headers)


def respond_to_batch(replies: list[Reply], media_type: str) -> Response:
    """The HTTP response of a batch: a list in the order asked, always 200."""
    return _response([reply.body for reply in replies], 200, media_type, NO_HEADERS)


def _with_extensions(body: dict[str, Any], result: ExecutionResult) -> dict[str, Any]:
    return {**body, "extensions": result.extensions} if result.extensions else body


def _response(body: Any, status: int, media_type: str, headers: Mapping[str, str]) -> Response:
    content = orjson.dumps(body)
    own = [(name.lower().encode(), value.encode()) for name, value in headers.items()] if headers else ()
    return Answer(status, [*_common(media_type), *own, (b"content-length", b"%d" % len(content))], content)


@lru_cache
def _common(media_type: str) -> tuple[tuple[bytes, bytes], ...]:
    """The headers that all responses of a media type have."""
    content_type = f"{media_type}; charset=utf-8".encode()
    return (b"cache-control", b"no-store"), (b"vary", b"Accept"), (b"content-type", content_type)


def _headers(error: Exception, status: int) -> Mapping[str, str]:
    if isinstance(error, RateLimitedError):
        return {"Retry-After": str(error.retry_after)}
    return {"WWW-Authenticate": 'Bearer realm="bailiwick"'} if status == 401 else NO_HEADERS
