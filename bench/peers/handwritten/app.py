"""The routes, and what becomes of those who may not."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.settings import settings as configuration
from bench.peers.handwritten.customers import customer, customers, filtered
from bench.peers.handwritten.database import READING, WRITING, Caller, Database, ForbiddenError
from bench.peers.handwritten.invite import invite
from bench.peers.handwritten.tickets import search
from bench.peers.tokens import UnauthenticatedError
from execution.ids import encode

Answer = Callable[[Any, Caller, dict[str, Any]], Awaitable[dict[str, Any]]]
PARTNER = ("PARTNER_ADMIN",)
INVITING = ("TENANT_OWNER", "SERVICE_ADMINISTRATOR")


def create() -> Starlette:
    """The application, from the environment."""
    settings = configuration()

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        url = settings.database_url.get_secret_value() if settings.database_url else ""
        app.state.database = await Database.open(url, settings.pool_size)
        yield
        await app.state.database.close()

    return Starlette(
        routes=[
            _route("/customers", customers, READING, *PARTNER),
            _route("/customer", customer, READING, *PARTNER),
            _route("/customers/filtered", filtered, READING, *PARTNER),
            Route("/viewer", _viewer, methods=["POST"]),
            _route("/tickets/search", search, READING, *PARTNER),
            _route("/invite", invite, WRITING, *INVITING),
            Route("/readyz", _ready),
        ],
        lifespan=lifespan,
        exception_handlers={UnauthenticatedError: _refused(401), ForbiddenError: _refused(403)},
    )


async def _viewer(request: Request) -> Response:
    """Who asks: nothing more is read."""
    database: Database = request.app.state.database
    async with database.caller(request.headers.get("authorization")) as (_, caller):
        return _response({"viewer": {"id": encode("viewer", caller.user_id)}})


def _route(path: str, answer: Answer, begin: str, *roles: str) -> Route:
    """A route that reads `variables` from the body and writes `data`, as GraphQL does."""

    async def endpoint(request: Request) -> Response:
        variables = orjson.loads(await request.body()).get("variables") or {}
        authorization = request.headers.get("authorization")
        database: Database = request.app.state.database
        async with database.transaction(begin, authorization, *roles) as (connection, caller):
            data = await answer(connection, caller, variables)
        return _response(data)

    return Route(path, endpoint, methods=["POST"])


def _response(data: dict[str, Any]) -> Response:
    return Response(orjson.dumps({"data": data}), media_type="application/json")


def _refused(status: int) -> Callable[[Request, Exception], Response]:
    def refused(_request: Request, _error: Exception) -> Response:
        return Response(status_code=status)

    return refused


async def _ready(_request: Request) -> Response:
    return Response()
