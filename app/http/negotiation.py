"""Which media types are spoken (GraphQL over HTTP, September 2026, sections 5 and 6)."""

from email.message import Message
from typing import Final

from app.http.errors import NotAcceptableError, UnsupportedMediaTypeError

GRAPHQL_RESPONSE: Final = "application/graphql-response+json"
JSON: Final = "application/json"
HTML: Final = "text/html"
ANYTHING: Final = frozenset({"*/*", "application/*"})


def accepted(header: str | None) -> list[str]:
    """The media types of an Accept header, the preferred ones first, refused ones (q=0) left out."""
    weighted = []
    for part in (header or "").split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = _weight(parameters)
        if name and weight > 0:
            weighted.append((weight, name))
    return [name for _, name in sorted(weighted, key=lambda pair: -pair[0])]


def response_type(header: str | None) -> str:
    """The media type to answer in; JSON where the client names none, as clients from before 2025 expect."""
    if header is None or not header.strip():
        return JSON
    for name in accepted(header):
        if name in ANYTHING:
            return JSON
        if name in {GRAPHQL_RESPONSE, JSON}:
            return name
    raise NotAcceptableError(f"The answer can be {GRAPHQL_RESPONSE} or {JSON}.")


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
