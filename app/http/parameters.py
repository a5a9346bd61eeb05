"""The parameters of a GraphQL-over-HTTP request, from a JSON body or a query string."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from starlette.datastructures import QueryParams

from app.http.errors import BadUserInputError, HttpError
from execution.limits import LimitExceededError

NULL_ESCAPE: Final = b"\\u0000"


@dataclass(frozen=True, slots=True)
class Parameters:
    """One request: the document's text, the operation to run and the variables as sent."""

    query: str
    operation_name: str | None
    variables: Mapping[str, Any]


def from_query_string(query: QueryParams, max_depth: int) -> Parameters:
    """The parameters of a GET; `variables` and `extensions` are JSON."""
    values: dict[str, Any] = {"query": query.get("query"), "operationName": query.get("operationName")}
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
    query = _typed(value, "query", str, "a string")
    if query is None:
        raise HttpError("The parameter query is missing.")
    _typed(value, "extensions", dict, "an object")
    return Parameters(
        query=query,
        operation_name=_typed(value, "operationName", str, "a string") or None,
        variables=_typed(value, "variables", dict, "an object") or {},
    )


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
