"""Puts the transport together."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from graphql import GraphQLSchema
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.types import ASGIApp, Lifespan, Receive, Scope, Send

from app.http.cache_counts import CacheCounts
from app.http.compression import CompressionMiddleware
from app.http.cross_site import PREFLIGHT_HEADERS
from app.http.endpoint import GraphQLEndpoint
from app.http.graphiql_page import files
from app.http.health import Readiness, Ready, healthz
from app.http.live import Live
from app.http.metrics import Metrics
from app.http.observing import ObservingMiddleware
from app.http.operation import Authenticator, CallerT, Executor
from app.http.options import HttpOptions
from app.http.prepare import Preparation
from app.live.endpoint import LiveEndpoint

GRAPHQL = "/graphql"
UPLOADING = ("tus-resumable", "upload-offset")
REQUEST_HEADERS = (*PREFLIGHT_HEADERS, *UPLOADING, "content-type", "bailiwick-tenant", "x-request-id")
RESPONSE_HEADERS = (*UPLOADING, "upload-length", "content-disposition", "x-request-id", "retry-after")


async def _always() -> bool:
    return True


def create_app(  # noqa: PLR0913 - parts, each by its name
    *,
    schema: GraphQLSchema,
    execute: Executor[CallerT],
    authenticate: Authenticator[CallerT],
    options: HttpOptions[CallerT],
    ready: Ready = _always,
    lifespan: Lifespan[Starlette] | None = None,
    extra_routes: Sequence[BaseRoute] = (),
    caches: Mapping[str, CacheCounts] = MappingProxyType({}),
    live: Live[CallerT] | None = None,
) -> Starlette:
    """The HTTP application: `/graphql`, `/healthz`, `/readyz`, `/metrics` and the routes given.

    The metrics tell of `caches`, by their names, beside those of documents. With `live` there are subscriptions, over
    WebSocket and as event streams.
    """
    preparation = Preparation(schema, options)
    endpoint = GraphQLEndpoint(preparation, execute, authenticate, options, live)
    routes: list[BaseRoute] = [
        Route(GRAPHQL, endpoint),
        *([WebSocketRoute(GRAPHQL, LiveEndpoint(preparation, execute, live, options))] if live else []),
        Route("/healthz", healthz),
        Route("/readyz", Readiness(ready, options.ready_seconds).page),
        *([files()] if options.graphiql else []),
        *extra_routes,
    ]
    paths = frozenset(route.path for route in routes if isinstance(route, Route))
    metrics = Metrics(paths, {**preparation.caches, **caches}, live.connections.registry if live else None)
    routes.append(Route("/metrics", metrics.page))
    return _Application(routes=routes, middleware=_middleware(options, metrics, endpoint), lifespan=lifespan)


class _Application(Starlette):
    """Starlette without the layer that answers what nobody else has: that is what `ObservingMiddleware` does."""

    def build_middleware_stack(self) -> ASGIApp:
        app: ASGIApp = ExceptionMiddleware(self.router)
        for layer, args, kwargs in reversed(self.user_middleware):
            app = layer(app, *args, **kwargs)
        return app


class _Shortcut:
    """Spares requests to GraphQL, which nearly all are, the router and Starlette's handlers for its exceptions."""

    def __init__(self, app: ASGIApp, endpoint: ASGIApp) -> None:
        self._app = app
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._endpoint if scope["type"] == "http" and scope["path"] == GRAPHQL else self._app
        await app(scope, receive, send)


def _middleware(options: HttpOptions[Any], metrics: Metrics, endpoint: ASGIApp) -> list[Middleware]:
    """The layers around the routes, the outermost first; without origins no page of another site gets an answer."""
    cors = Middleware(
        CORSMiddleware,
        allow_origins=options.cors_origins,
        allow_methods=("GET", "HEAD", "PATCH", "POST", "PUT"),
        allow_headers=REQUEST_HEADERS,
        expose_headers=RESPONSE_HEADERS,
        max_age=7200,
    )
    return [
        Middleware(ObservingMiddleware, metrics=metrics),
        *([cors] if options.cors_origins else []),
        Middleware(CompressionMiddleware, from_bytes=options.compress_from_bytes),
        Middleware(_Shortcut, endpoint=endpoint),
    ]
