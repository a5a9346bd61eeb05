"""What a load balancer asks: is it alive, may it be sent requests."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from app.http.masking import LOG

Ready: TypeAlias = Callable[[], Awaitable[bool]]


async def healthz(_request: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("ok")


class Readiness:
    """Whether what the application needs answers as well, within `seconds`."""

    def __init__(self, ready: Ready, seconds: float) -> None:
        self._ready = ready
        self._seconds = seconds

    async def page(self, _request: Request) -> Response:
        """200, or 503 for as long as requests would fail."""
        try:
            async with asyncio.timeout(self._seconds):
                ready = await self._ready()
        except Exception as error:
            LOG.warning("not ready", error=type(error).__name__)
            ready = False
        return PlainTextResponse("ready") if ready else PlainTextResponse("not ready", 503)
