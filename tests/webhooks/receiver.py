"""A real HTTP server that receives webhooks, and answers as it is told to."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from standardwebhooks import Webhook


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it came."""

    headers: dict[str, str]
    body: bytes

    @property
    def event_id(self) -> str:
        return self.headers["webhook-id"]

    def verified(self, secret: str) -> Any:
        """The event, if it is signed by `secret`: as the reference implementation of Standard Webhooks has it."""
        return Webhook(secret).verify(self.body, self.headers)


@dataclass(slots=True)
class Receiver:
    """`answers` are statuses of the next requests, 204 once they are used up; `seconds` is how long it takes."""

    port: int = 0
    scheme: str = "http"
    answers: list[int] = field(default_factory=list)
    seconds: float = 0
    endless: bool = False
    received: list[Received] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/in"

    @property
    def ids(self) -> list[str]:
        return [one.event_id for one in self.received]

    async def take(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self.received.append(Received({name.lower(): value for name, value in request.headers.items()}, body))
        await asyncio.sleep(self.seconds)
        status = self.answers.pop(0) if self.answers else 204
        if self.endless:
            return await _endless(request)
        return web.Response(status=status, headers={"location": self.url} if 300 <= status < 400 else {})


async def _endless(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(status=200)
    await answer.prepare(request)
    while True:
        await answer.write(b"x" * 65_536)


@asynccontextmanager
async def receiving(context: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    """A receiver for a block."""
    receiver = Receiver(scheme="https" if context else "http")
    app = web.Application()
    app.router.add_post("/in", receiver.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await site.start()
    receiver.port = runner.addresses[0][1]
    try:
        yield receiver
    finally:
        await runner.cleanup()
