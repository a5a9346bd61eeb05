"""The outermost layer: request id, access log, metrics, security headers, the last resort for exceptions."""

import time
from typing import Final

import orjson
import structlog
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.http.masking import LOG, present
from app.http.metrics import Metrics
from app.http.record import RequestRecord

CLIENT_LEFT: Final = 499
SECURITY_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


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
        LOG.info(
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
            self._add_headers(MutableHeaders(scope=message))
        elif message["type"] == "http.response.body":
            self._record.bytes_sent += len(message.get("body", b""))
        await self._send(message)

    def _add_headers(self, headers: MutableHeaders) -> None:
        headers["X-Request-Id"] = self._record.request_id
        for name, value in SECURITY_HEADERS.items():
            headers.setdefault(name, value)
        if self._scope.get("scheme") == "https":
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")
