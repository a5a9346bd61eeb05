"""The composition root: every part is made here, once, and handed to those that use it."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

from granian.utils.proxies import wrap_asgi_with_proxy_headers
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.types import ASGIApp

from app.accounts.page import AccountPages
from app.attachments.parts import file_routes
from app.clock import Clock, utc_now
from app.errors import SetupError
from app.facilities import facilities_of
from app.http.app import create_app
from app.http.logs import configure_logs
from app.live.stopping import LAST_WORDS, tell_before_stopping
from app.mail.page import MailPages
from app.operations import Operations
from app.options import http_options, live_updates
from app.pages import style_route
from app.secret import secret_key
from app.settings import Settings
from app.settings import settings as configuration
from app.sign_in.parts import sign_in
from app.subscriptions import Subscriptions
from schema.build import build
from tenancy.database import Database
from tenancy.live import Hub
from tenancy.scope import SIGN_IN


def create() -> ASGIApp:
    """The application of a worker, from the environment."""
    settings = configuration()
    configure_logs(logging.getLevelNamesMapping()[settings.log_level.upper()])
    app = application(settings)
    if not settings.trusted_proxies:
        return app
    return cast("ASGIApp", wrap_asgi_with_proxy_headers(app, list(settings.trusted_proxies)))


def application(settings: Settings, clock: Clock = utc_now, operations: type[Operations] = Operations) -> Starlette:
    """The application; raises `SetupError` where it cannot know its database or its secret."""
    if settings.database_url is None:
        raise SetupError("DATABASE_URL is needed: `bailiwick serve` sets it")
    database = open_database(settings)
    secret = secret_key(settings)
    signing_in = sign_in(settings, database, secret, clock)
    facilities = facilities_of(settings, secret, database, clock)
    runs = operations(build(), database, facilities)
    hub = Hub(settings.live_database_url.get_secret_value() if settings.live_database_url else database_url(settings))
    live = live_updates(settings, signing_in.authentication, Subscriptions(runs, hub, max(settings.pool_size // 2, 1)))

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        tell_before_stopping(live.connections)
        yield
        await live.connections.close(LAST_WORDS)
        await hub.close()
        await database.close()

    async def ready() -> bool:
        async with database.reading(SIGN_IN) as session:
            return bool((await session.execute(text("SELECT true"))).scalar())

    app = create_app(
        schema=runs.schema,
        execute=runs,
        authenticate=signing_in.authentication,
        options=http_options(settings),
        ready=ready,
        caches=runs.caches,
        live=live,
        lifespan=lifespan,
        extra_routes=[
            *signing_in.routes.routes(),
            style_route(),
            *AccountPages(settings, facilities.visitors).routes(),
            *file_routes(database, facilities.uploads, signing_in.authentication, clock),
        ],
    )
    app.state.database = database
    app.state.facilities = facilities
    app.state.hub = hub
    app.state.sign_in = signing_in
    if settings.demo:
        app.router.routes.extend(MailPages(database).routes())
    return app


def database_url(settings: Settings) -> str:
    """The address of the application's role."""
    return settings.database_url.get_secret_value() if settings.database_url else ""


def open_database(settings: Settings) -> Database:
    """The pool of the application's role."""
    return Database(
        database_url(settings),
        pool_size=settings.pool_size,
        statement_timeout=settings.statement_timeout,
        statement_cache=settings.statement_cache,
    )
