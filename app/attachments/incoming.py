"""The bytes of a request as they come, for as long as they do."""

import asyncio
from collections.abc import AsyncIterator
from enum import Enum, auto

from starlette.types import Receive


class End(Enum):
    """Why no more bytes come."""

    WHOLE = auto()
    LEFT = auto()
    OUT_OF_TIME = auto()


class Incoming:
    """The body of a request. One that is cut in the middle ends there: what has come is not lost (A11)."""

    def __init__(self, receive: Receive, seconds: float) -> None:
        self._receive = receive
        self._seconds = seconds
        self.end = End.WHOLE

    async def __aiter__(self) -> AsyncIterator[bytes]:
        deadline, more = asyncio.get_running_loop().time() + self._seconds, True
        while more:
            try:
                async with asyncio.timeout_at(deadline):
                    message = await self._receive()
            except TimeoutError:
                self.end = End.OUT_OF_TIME
                return
            if message["type"] == "http.disconnect":
                self.end = End.LEFT
                return
            more = message.get("more_body", False)
            if message.get("body"):
                yield message["body"]
