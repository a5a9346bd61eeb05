"""Compresses responses with zstd or gzip, whichever the client prefers."""

from typing import Final

import zstandard
from starlette.middleware.gzip import GZipResponder, IdentityResponder
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.headers import header
from app.http.negotiation import accepted

ZSTD_LEVEL: Final = 3
GZIP_LEVEL: Final = 5


class CompressionMiddleware:
    """Leaves small bodies, event streams and what is compressed already as they are."""

    def __init__(self, app: ASGIApp, from_bytes: int) -> None:
        self._app = app
        self._from_bytes = from_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer through the encoding of the client's choice."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _Deciding(self._app, scope, send, self._from_bytes))


class _Deciding:
    """Waits for the first of the body: most are small and whole and pass at once, the others take a responder."""

    def __init__(self, app: ASGIApp, scope: Scope, send: Send, from_bytes: int) -> None:
        self._app = app
        self._scope = scope
        self._send = send
        self._from_bytes = from_bytes
        self._start: Message | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        if self._start is not None:
            start, self._start = self._start, None
            if not self._is_small(message) and not _has_ranges(start):
                self._send = self._responder(self._send)
            await self._send(start)
        await self._send(message)

    def _is_small(self, message: Message) -> bool:
        return len(message.get("body", b"")) < self._from_bytes and not message.get("more_body", False)

    def _responder(self, send: Send) -> Send:
        names = accepted(header(self._scope, b"accept-encoding"))
        responder: IdentityResponder
        if "zstd" in names:
            responder = ZstdResponder(self._app, self._from_bytes)
        elif "gzip" in names:
            responder = GZipResponder(self._app, self._from_bytes, GZIP_LEVEL)
        else:
            responder = IdentityResponder(self._app, self._from_bytes)
        responder.send = send
        return responder.send_with_compression


def _has_ranges(start: Message) -> bool:
    """Whether a client may ask for some of these bytes: they are those that were stored, then."""
    return any(name.lower() == b"accept-ranges" for name, _ in start["headers"])


class ZstdResponder(IdentityResponder):
    """Sends a body as zstd."""

    content_encoding = "zstd"

    def __init__(self, app: ASGIApp, minimum_size: int) -> None:
        super().__init__(app, minimum_size)
        self._compressor = zstandard.ZstdCompressor(level=ZSTD_LEVEL).compressobj()

    async def apply_compression(self, body: bytes, *, more_body: bool) -> bytes:
        """Compress one part of the body; the last one ends the frame, the others can be read at once."""
        how = zstandard.COMPRESSOBJ_FLUSH_BLOCK if more_body else zstandard.COMPRESSOBJ_FLUSH_FINISH
        return self._compressor.compress(body) + self._compressor.flush(how)
