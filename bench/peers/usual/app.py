"""The application."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import orjson
import strawberry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.extensions import ParserCache, ValidationCache

from app.settings import settings as configuration
from bench.peers.usual.context import Context, Session
from bench.peers.usual.database import Database
from bench.peers.usual.mutations import Mutation
from bench.peers.usual.queries import Query


class Server(GraphQL[Context, None]):
    """Strawberry's own, with a context of ours, and orjson."""

    database: Database

    async def get_context(self, request: Request | WebSocket, response: Response | WebSocket) -> Context:
        """The context of a request."""
        return Context(request, response, self.database)  # type: ignore[arg-type]  # nothing is subscribed to

    def encode_json(self, data: object) -> bytes:
        """The answer's bytes."""
        return orjson.dumps(data)


def create() -> Starlette:
    """The application, from the environment."""
    schema = strawberry.Schema(Query, Mutation, extensions=[ParserCache, ValidationCache, Session])
    server = Server(schema, graphql_ide=None)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        server.database = Database(configuration())
        yield
        await server.database.engine.dispose()

    return Starlette(routes=[Route("/graphql", server), Route("/readyz", _ready)], lifespan=lifespan)


async def _ready(_request: Request) -> Response:
    return Response()
