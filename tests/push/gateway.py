"""A real HTTP server with the Matrix Push Gateway API, which answers as it is told to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass(slots=True)
class PushGateway:
    """`rejected` are the tokens that lead nowhere; `status` and `content`, if any, are the answer instead."""

    port: int = 0
    status: int = 200
    content: bytes | None = None
    rejected: list[str] = field(default_factory=list)
    received: list[dict[str, Any]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/_matrix/push/v1/notify"

    @property
    def told(self) -> list[tuple[str, str]]:
        """The tokens that were pushed to, and of what."""
        return sorted((one["devices"][0]["pushkey"], one["type"]) for one in self.received)

    async def take(self, request: web.Request) -> web.Response:
        self.received.append((await request.json())["notification"])
        if self.content is not None:
            return web.Response(status=self.status, body=self.content)
        return web.json_response({"rejected": self.rejected}, status=self.status)


@asynccontextmanager
async def serving() -> AsyncIterator[PushGateway]:
    """A gateway for a block."""
    gateway, app = PushGateway(), web.Application()
    app.router.add_post("/_matrix/push/v1/notify", gateway.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    gateway.port = runner.addresses[0][1]
    try:
        yield gateway
    finally:
        await runner.cleanup()
