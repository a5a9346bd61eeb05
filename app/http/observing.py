"""The outermost layer: request id, access log, metrics, security headers, the last resort for exceptions."""

import time
from collections.abc import Collection
from typing import Final, TypeAlias

import orjson
import structlog
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.masking import LOG, present
from app.http.metrics import Metrics
from app.http.record import RequestRecord

Header: TypeAlias = tuple[bytes, bytes]

CLIENT_LEFT: Final = 499
POLLED: Final = frozenset({"/healthz", "/readyz"})
"""What load balancers ask every few seconds: of interest only when something is sought."""

SECURITY_HEADERS: Final = (
    (b"content-security-policy", b"default-src 'none'; base-uri 'none'; frame-ancestors 'none'"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)
HTTPS_ONLY: Final = (b"strict-transport-security", b"max-age=31536000")


class ObservingMiddleware:
    """Surrounds everything else; one line in the log for each request, without query strings or tokens."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and tell how it went."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        record = RequestRecord.begin(scope)
        structlog.contextvars.bind_contextvars(request_id=record.request_id)
        started = time.perf_counter()
        sender = _Sender(scope, send, record)
        try:
            await self._app(scope, receive, sender)
        except Exception as error:
            if record.status:
                raise
            body = orjson.dumps({"errors": [present(error, record.request_id)]})
            await Response(body, 500, media_type="application/json")(scope, receive, sender)
        finally:
            self._tell(scope, record, time.perf_counter() - started)
            structlog.contextvars.unbind_contextvars("request_id")

    def _tell(self, scope: Scope, record: RequestRecord, seconds: float) -> None:
        status = CLIENT_LEFT if record.client_left else record.status
        path, method = scope["path"], scope["method"]
        self._metrics.observe(path, method, status, seconds, record.kind, record.cost)
        tell = LOG.debug if path in POLLED else LOG.info
        tell(
            "request",
            request_id=record.request_id,
            method=method,
            path=path[:200].encode(errors="replace").decode(),
            status=status,
            milliseconds=round(seconds * 1000, 2),
            bytes=record.bytes_sent,
            kind=record.kind,
            operation=record.operation_name,
            cost=record.cost,
        )


class _Sender:
    """Adds headers to the response as it starts, and counts what is sent."""

    def __init__(self, scope: Scope, send: Send, record: RequestRecord) -> None:
        self._scope = scope
        self._send = send
        self._record = record

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._record.status = message["status"]
            message["headers"] = self._with_ours(message.get("headers", ()))
        elif message["type"] == "http.response.body":
            self._record.bytes_sent += len(message.get("body", b""))
        await self._send(message)

    def _with_ours(self, headers: Collection[Header]) -> list[Header]:
        """The headers with the request's id, and those of ours that the response does not set itself."""
        ours = [*SECURITY_HEADERS, HTTPS_ONLY] if self._scope.get("scheme") == "https" else SECURITY_HEADERS
        own = {name for name, _ in headers}
        added = [header for header in ours if header[0] not in own]
        return [*headers, *added, (b"x-request-id", self._record.request_id.encode())]
