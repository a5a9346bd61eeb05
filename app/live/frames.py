"""The messages of graphql-transport-ws: those that clients send are read strictly, those that they get are written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import orjson

from app.http.errors import HttpError
from app.http.parameters import Parameters, decode, parameters
from app.live.closing import ClosingError, Code
from execution.errors import PublicError

SUBPROTOCOL: Final = "graphql-transport-ws"
CONNECTION_ACK: Final = '{"type":"connection_ack"}'
PING: Final = '{"type":"ping"}'


@dataclass(frozen=True, slots=True)
class ConnectionInit:
    """The client says who it is."""

    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ping:
    """The client asks whether anybody is there."""

    payload: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Pong:
    """The client is there."""


@dataclass(frozen=True, slots=True)
class Subscribe:
    """The client asks for an operation; an error stands for what has values that cannot be taken."""

    id: str
    asked: Parameters | PublicError


@dataclass(frozen=True, slots=True)
class Complete:
    """The client wants no more of an operation."""

    id: str


Frame: TypeAlias = ConnectionInit | Ping | Pong | Subscribe | Complete


def read(text: str | None, *, most_bytes: int, max_depth: int) -> Frame:
    """The message of a frame; raises `ClosingError` for what is none of a client's."""
    if text is None:
        raise ClosingError(Code.BAD_REQUEST, "Messages are JSON in text frames.")
    body = text.encode(errors="surrogatepass")
    if len(body) > most_bytes:
        raise ClosingError(Code.TOO_BIG, f"A message has at most {most_bytes:,} bytes.")
    error: PublicError | None = None
    try:
        message = decode(body, max_depth)
    except HttpError as refusal:
        raise ClosingError(Code.BAD_REQUEST, refusal.message) from None
    except PublicError as refusal:  # JSON of which only the values are not ours
        message, error = orjson.loads(body), refusal
    if not isinstance(message, dict):
        raise ClosingError(Code.BAD_REQUEST, "A message is a JSON object.")
    return _frame(message, error)


def _frame(message: dict[str, Any], error: PublicError | None) -> Frame:
    match message.get("type"):
        case "connection_init":
            return ConnectionInit(_object(message) or {})
        case "ping":
            return Ping(_object(message))
        case "pong":
            _object(message)
            return Pong()
        case "complete":
            return Complete(_id(message))
        case "subscribe":
            return _subscribe(message, error)
    raise ClosingError(Code.BAD_REQUEST, "This is no type of a message that clients send.")


def _subscribe(message: dict[str, Any], error: PublicError | None) -> Subscribe:
    key, payload = _id(message), message.get("payload")
    if not isinstance(payload, dict):
        raise ClosingError(Code.BAD_REQUEST, "The payload of subscribe is an object.")
    try:
        asked = parameters(payload)
    except HttpError as refusal:
        raise ClosingError(Code.BAD_REQUEST, refusal.message) from None
    if asked.query is None and asked.persisted_hash is None and asked.document_id is None:
        raise ClosingError(Code.BAD_REQUEST, "The payload of subscribe has a query.")
    return Subscribe(key, error or asked)


def _id(message: dict[str, Any]) -> str:
    key = message.get("id")
    if not isinstance(key, str) or not key:
        raise ClosingError(Code.BAD_REQUEST, "A message about an operation has its id, a string that is not empty.")
    return key


def _object(message: dict[str, Any]) -> dict[str, Any] | None:
    payload = message.get("payload")
    if payload is not None and not isinstance(payload, dict):
        raise ClosingError(Code.BAD_REQUEST, "A payload is an object.")
    return payload


def pong(payload: Mapping[str, Any] | None) -> str:
    """We are here; the payload of the ping goes back."""
    return _written({"type": "pong"} if payload is None else {"type": "pong", "payload": payload})


def next_result(key: str, result: Mapping[str, Any]) -> str:
    """A result of an operation."""
    return _written({"id": key, "type": "next", "payload": result})


def refusal(key: str, errors: list[dict[str, Any]]) -> str:
    """An operation did not begin; nothing more will be said of it."""
    return _written({"id": key, "type": "error", "payload": errors})


def complete(key: str) -> str:
    """An operation is over."""
    return _written({"id": key, "type": "complete"})


def _written(message: Mapping[str, Any]) -> str:
    return orjson.dumps(message).decode()
