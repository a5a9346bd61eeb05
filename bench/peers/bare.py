"""Bare Starlette: routes that check the same access token and answer with the same bytes, and do nothing else."""

import json

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.clock import utc_now
from app.main import open_database
from app.secret import secret_key
from app.settings import settings as configuration
from app.sign_in.callers import bearer
from app.sign_in.parts import sign_in
from execution.ids import encode


def create() -> Starlette:
    """The application, with the platform's own sign-in."""
    settings = configuration()
    database = open_database(settings)
    parts = sign_in(settings, database, secret_key(settings), utc_now)

    async def signature(request: Request) -> Response:
        """What can be known from the token alone."""
        json.loads(await request.body())
        claims = await parts.tokens.verify(bearer(request) or "")
        return JSONResponse({"data": {"viewer": {"id": encode("viewer", claims.user_id)}}})

    async def session(request: Request) -> Response:
        """As the platform does: the session, the account and its place are looked up as well."""
        json.loads(await request.body())
        actor = await parts.authentication.actor(bearer(request) or "")
        return JSONResponse({"data": {"viewer": {"id": encode("viewer", actor.user_id)}}})

    async def ready(_request: Request) -> Response:
        return Response()

    return Starlette(
        routes=[
            Route("/signature", signature, methods=["POST"]),
            Route("/session", session, methods=["POST"]),
            Route("/readyz", ready),
        ]
    )
