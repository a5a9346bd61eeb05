"""Compresses responses with zstd or gzip, whichever the client prefers."""

from typing import Final

import zstandard
from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipResponder, IdentityResponder
from starlette.types import ASGIApp, Receive, Scope, Send

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
        await self._responder(Headers(scope=scope).get("accept-encoding"))(scope, receive, send)

    def _responder(self, header: str | None) -> ASGIApp:
        names = accepted(header)
        if "zstd" in names:
            return ZstdResponder(self._app, self._from_bytes)
        if "gzip" in names:
            return GZipResponder(self._app, self._from_bytes, GZIP_LEVEL)
        return IdentityResponder(self._app, self._from_bytes)


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
