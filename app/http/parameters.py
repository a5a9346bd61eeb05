"""The parameters of a GraphQL-over-HTTP request, from a JSON body or a query string."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import orjson
from starlette.datastructures import QueryParams

from app.http.errors import BadUserInputError, HttpError
from execution.cost.limits import LimitExceededError

NULL_ESCAPE: Final = b"\\u0000"
IDENTIFIERS: Final = ("documentId", "id")
"""Where clients put the identifier of a registered document."""


class Parameters(NamedTuple):
    """One request: the document, the operation to run and the variables as sent.

    The document is its text, its SHA-256 as automatic persisted queries have it, the identifier under which it
    is registered, or several of them.
    """

    query: str | None
    persisted_hash: str | None
    document_id: str | None
    operation_name: str | None
    variables: Mapping[str, Any]


def from_query_string(query: QueryParams, max_depth: int) -> Parameters:
    """The parameters of a GET; `variables` and `extensions` are JSON."""
    values: dict[str, Any] = {name: query.get(name) for name in ("query", "operationName", *IDENTIFIERS)}
    for name in ("variables", "extensions"):
        if query.get(name):
            values[name] = decode(query[name].encode(), max_depth)
    return parameters(values)


def decode(body: bytes, max_depth: int) -> Any:
    """The value of a JSON text, nested at most `max_depth` deep and without null characters in strings."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise HttpError(f"The request is not valid JSON: {error.msg}.") from None
    if NULL_ESCAPE in body or body.count(b"[") + body.count(b"{") > max_depth:
        _inspect(value, max_depth)
    return value


def parameters(value: Any) -> Parameters:
    """The parameters in a decoded JSON value, each of its type; other properties are ignored."""
    if not isinstance(value, dict):
        raise HttpError("The request must be a JSON object.")
    return Parameters(
        query=_typed(value, "query", str, "a string"),
        persisted_hash=_persisted_hash(_typed(value, "extensions", dict, "an object") or {}),
        document_id=_document_id(value),
        operation_name=_typed(value, "operationName", str, "a string") or None,
        variables=_typed(value, "variables", dict, "an object") or {},
    )


def _persisted_hash(extensions: Mapping[str, Any]) -> str | None:
    persisted = extensions.get("persistedQuery")
    if persisted is None:
        return None
    if isinstance(persisted, dict) and persisted.get("version") == 1 and isinstance(persisted.get("sha256Hash"), str):
        return str(persisted["sha256Hash"])
    raise HttpError("extensions.persistedQuery must be an object with version 1 and a string sha256Hash.")


def _document_id(values: Mapping[str, Any]) -> str | None:
    for name in IDENTIFIERS:
        if isinstance(given := values.get(name), str):
            return given
    return None


def _typed(values: dict[str, Any], name: str, kind: type, article: str) -> Any:
    value = values.get(name)
    if value is not None and not isinstance(value, kind):
        raise HttpError(f"The parameter {name} must be {article}.")
    return value


def _inspect(value: Any, max_depth: int) -> None:
    """Walk a JSON value without recursion and refuse what is nested too deeply or holds null characters."""
    waiting = [(value, 0)]
    while waiting:
        item, depth = waiting.pop()
        if depth > max_depth:
            raise LimitExceededError("JSON nesting", max_depth, depth)
        if isinstance(item, dict):
            waiting.extend((child, depth + 1) for pair in item.items() for child in pair)
        elif isinstance(item, list):
            waiting.extend((child, depth + 1) for child in item)
        elif isinstance(item, str) and "\0" in item:
            raise BadUserInputError("Text cannot contain the null character.")
