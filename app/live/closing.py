"""Why a socket is closed: the codes of graphql-transport-ws, and those of WebSocket itself (RFC 6455, 7.4)."""

from enum import IntEnum
from typing import Final

LONGEST_REASON: Final = 123
"""Bytes that a close frame has room for."""


class Code(IntEnum):
    """What the close event tells the client."""

    NORMAL = 1000
    GOING_AWAY = 1001
    TOO_SLOW = 1008
    TOO_BIG = 1009
    TRY_AGAIN_LATER = 1013
    BAD_REQUEST = 4400
    UNAUTHORIZED = 4401
    FORBIDDEN = 4403
    UNACCEPTABLE_SUBPROTOCOL = 4406
    INIT_TIMEOUT = 4408
    SUBSCRIBER_EXISTS = 4409
    TOO_MANY_INITS = 4429
    INTERNAL = 4500


class ClosingError(Exception):
    """The socket is to be closed, and why."""

    def __init__(self, code: Code, reason: str) -> None:
        super().__init__(f"{code}: {reason}")
        self.code = code
        self.reason = reason.encode()[:LONGEST_REASON].decode(errors="ignore")
