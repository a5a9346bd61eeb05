"""A small ASGI application for the tests of starting and stopping, which are the same whatever is served."""

import asyncio
import os
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, StreamingResponse
from starlette.routing import Route

SLOW_SECONDS = 1.0


async def ready(_request: Request) -> PlainTextResponse:
    """Which process answers."""
    return PlainTextResponse(str(os.getpid()))


async def environment(_request: Request) -> JSONResponse:
    """What the worker was told."""
    return JSONResponse(dict(os.environ))


async def slow(_request: Request) -> StreamingResponse:
    """An answer that takes a while from its first word on."""

    async def words() -> AsyncIterator[str]:
        yield "begun, "
        await asyncio.sleep(SLOW_SECONDS)
        yield "finished"

    return StreamingResponse(words())


def create() -> Starlette:
    """The application."""
    return Starlette(routes=[Route("/readyz", ready), Route("/slow", slow), Route("/environment", environment)])
