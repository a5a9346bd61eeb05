"""Which media types are spoken (GraphQL over HTTP, September 2026, sections 5 and 6)."""

from collections.abc import Mapping
from email.message import Message
from enum import StrEnum
from functools import lru_cache
from typing import Final

from app.http.errors import NotAcceptableError, UnsupportedMediaTypeError

GRAPHQL_RESPONSE: Final = "application/graphql-response+json"
JSON: Final = "application/json"
HTML: Final = "text/html"
EVENT_STREAM: Final = "text/event-stream"
KEPT: Final = 128
"""Headers that are remembered with what they mean: clients of one kind all send the same."""

ANYTHING: Final = frozenset({"*/*", "application/*"})


class IncrementalFormat(StrEnum):
    """How an answer in parts is written; the values are the parameters of `multipart/mixed` that name them."""

    V0_2 = "incrementalSpec=v0.2"
    V2022_08_24 = "deferSpec=20220824"


MULTIPART: Final = "multipart/mixed"
SPECIFICATIONS: Final = ("incrementalspec=", "deferspec=", "subscriptionspec=")
FORMATS: Final[Mapping[str, IncrementalFormat]] = {each.value.lower(): each for each in IncrementalFormat}
UNNAMED: Final = IncrementalFormat.V2022_08_24.lower()


def accepted(header: str | None) -> list[str]:
    """The media types of an Accept header, the preferred ones first, refused ones (q=0) left out."""
    weighted = []
    for part in (header or "").split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = _weight(parameters)
        if name and weight > 0:
            weighted.append((weight, name))
    return [name for _, name in sorted(weighted, key=lambda pair: -pair[0])]


@lru_cache(maxsize=KEPT)
def response_type(header: str | None) -> str:
    """The media type to answer in; JSON where the client names none, as clients from before 2025 expect."""
    if header is None or not header.strip():
        return JSON
    names = accepted(header)
    for name in names:
        if name in ANYTHING:
            return JSON
        if name in {GRAPHQL_RESPONSE, JSON}:
            return name
    if EVENT_STREAM in names:  # what is no event stream all the same tells why
        return JSON
    raise NotAcceptableError(f"The answer can be {GRAPHQL_RESPONSE} or {JSON}.")


@lru_cache(maxsize=KEPT)
def incremental_format(header: str | None) -> IncrementalFormat | None:
    """The format for an answer in parts, None where the client takes it whole.

    `multipart/mixed` alone, as urql and most networks for Relay send it, means the format of 2022-08-24, which
    they read; the first that we know counts. What names another specification, of subscriptions too, is passed over.
    """
    if header is None or MULTIPART not in header.lower():
        return None
    for part in header.lower().replace('"', "").split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        named = next((each for each in parameters if each.startswith(SPECIFICATIONS)), UNNAMED)
        if name == MULTIPART and named in FORMATS and _weight(parameters) > 0:
            return FORMATS[named]
    return None


@lru_cache(maxsize=KEPT)
def accepts_events(header: str | None) -> bool:
    """Whether the client takes an event stream, as all do that send subscriptions by HTTP."""
    return EVENT_STREAM in accepted(header)


@lru_cache(maxsize=KEPT)
def prefers_events(header: str | None) -> bool:
    """Whether the client would have any answer as an event stream: named before any JSON.

    urql names it after JSON with every query, and means subscriptions.
    """
    names = [name for name in accepted(header) if name in {EVENT_STREAM, JSON, GRAPHQL_RESPONSE, *ANYTHING}]
    return names[:1] == [EVENT_STREAM]


def prefers_html(header: str | None) -> bool:
    """Whether this is a browser that opens a page: HTML named before any JSON."""
    names = [name for name in accepted(header) if name in {HTML, JSON, GRAPHQL_RESPONSE}]
    return names[:1] == [HTML]


def require_json(content_type: str | None, content_encoding: str | None) -> None:
    """Refuse a body that is not plain JSON in UTF-8, which browsers preflight across sites."""
    if content_type == JSON and content_encoding is None:
        return
    message = Message()
    message["content-type"] = content_type or "none/none"
    if message.get_content_type() != JSON:
        raise UnsupportedMediaTypeError(f"Send the request as {JSON}.")
    if message.get_content_charset("utf-8") not in {"utf-8", "utf8"}:
        raise UnsupportedMediaTypeError("Send the request in UTF-8.")
    if (content_encoding or "identity").lower() != "identity":
        raise UnsupportedMediaTypeError("Send the request without compression.")


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
