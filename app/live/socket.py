"""One WebSocket: what is written waits for the client to read, but not for ever, and never much of it."""

import asyncio
from typing import Final

from starlette.types import Message, Receive, Send

from app.live.closing import ClosingError, Code

WAITING: Final = 16
"""Frames that wait to be sent; whoever has more to say waits itself."""
LAST_WORDS: Final = 2.0
"""Seconds in which a client can still take what closes its socket."""


class SocketClosedError(Exception):
    """The client is gone."""


class Socket:
    """Text frames in and out. `send_seconds` is how long a client may leave unread what is sent to it."""

    def __init__(self, receive: Receive, send: Send, send_seconds: float) -> None:
        self._receive = receive
        self._send = send
        self._seconds = send_seconds
        self._waiting: asyncio.Queue[str | None] = asyncio.Queue(WAITING)

    async def accept(self, subprotocol: str | None) -> None:
        """Begin; raises `SocketClosedError` for a client that did not wait."""
        if (await self._receive())["type"] != "websocket.connect":
            raise SocketClosedError
        await self._send({"type": "websocket.accept", "subprotocol": subprotocol, "headers": []})

    async def receive(self) -> str | None:
        """The next frame, None for one that is no text; raises `SocketClosedError`."""
        message: Message = await self._receive()
        if message["type"] == "websocket.disconnect":
            raise SocketClosedError
        text: str | None = message.get("text")
        return text

    async def put(self, text: str) -> None:
        """Let a frame wait for its turn to be sent."""
        await self._waiting.put(text)

    async def write(self) -> None:
        """Send what waits until `finish` is called; raises `ClosingError` where the client does not read."""
        while (text := await self._waiting.get()) is not None:
            limit = asyncio.timeout(self._seconds)
            try:
                async with limit:
                    await self._send({"type": "websocket.send", "text": text})
            except TimeoutError:
                raise ClosingError(Code.TOO_SLOW, "What is sent is not read.") from None
            except (OSError, RuntimeError):  # what servers raise for a socket that is gone
                raise SocketClosedError from None

    async def finish(self) -> None:
        """Nothing more is to be sent."""
        await self._waiting.put(None)

    async def close(self, closing: ClosingError) -> None:
        """Say why, as far as the client still reads; then it is over."""
        message = {"type": "websocket.close", "code": int(closing.code), "reason": closing.reason}
        try:
            async with asyncio.timeout(LAST_WORDS):
                await self._send(message)
        except (OSError, RuntimeError):  # `TimeoutError` is an `OSError`
            return
