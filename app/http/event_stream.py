"""Answers as server-sent events: the distinct connections mode of graphql-sse, one request for each operation."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import ExitStack, aclosing
from typing import Any, Final

import orjson
from graphql import ExecutionResult
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.http.live import Live, Stream, SubscriptionRefusedError, credentials_of
from app.http.masking import present_all
from app.http.operation import CallerT, Operation
from app.http.replies import Reply, of_result
from execution.errors import PublicError
from tenancy.live import FallenBehindError

MEDIA_TYPE: Final = "text/event-stream; charset=utf-8"
HEADERS: Final = {"Cache-Control": "no-store", "Vary": "Accept", "X-Accel-Buffering": "no"}
COMMENT: Final = b":\n\n"
COMPLETE: Final = b"event: complete\ndata:\n\n"


def told_at_once(reply: Reply) -> Response:
    """A reply as a stream of one result."""
    return Response(_next(reply.body) + COMPLETE, 200, HEADERS, MEDIA_TYPE)


async def follow(live: Live[CallerT], operation: Operation, request: Request, max_errors: int) -> Response:
    """A subscription as a stream; raises `PublicError` where too many are open, or nobody is behind the request."""
    held = ExitStack()
    caller = await live.authenticate(request)
    held.enter_context(live.connections.by(caller.rate_limit_key))
    try:
        seconds = await live.seconds_left(request)
        credentials = "events", credentials_of(request)
        stream = await live.subscribe(operation, lambda: live.authenticate(request), credentials)
    except SubscriptionRefusedError as refusal:
        held.close()
        return told_at_once(Reply({"errors": present_all(refusal.errors, operation.request_id, max_errors)}))
    except BaseException:
        held.close()
        raise
    return EventStreamResponse(live, operation, stream, held, seconds, max_errors)


class EventStreamResponse(Response):
    """The results of a subscription; it closes the stream and gives up what is held, come what may."""

    def __init__(
        self,
        live: Live[Any],
        operation: Operation,
        stream: Stream,
        held: ExitStack,
        seconds_left: float | None,
        max_errors: int,
    ) -> None:
        super().__init__(None, 200, HEADERS, MEDIA_TYPE)
        del self.headers["content-length"]
        self._live = live
        self._operation = operation
        self._stream = stream
        self._held = held
        self._seconds_left = seconds_left
        self._max_errors = max_errors

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Send results while the client is there; raises `ClientDisconnect` when it leaves, or does not read."""
        over = asyncio.Event()
        connections = self._live.connections
        try:
            with connections.one(over.set), connections.subscriptions.track_inprogress():
                await _first_of(self._send(send), _gone(receive), over.wait())
        except (TimeoutError, FallenBehindError):
            connections.dropped.inc()
            raise ClientDisconnect from None
        finally:
            self._held.close()
            await self._stream.aclose()

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await self._write(send, COMMENT)
        async with aclosing(self._messages()) as messages:
            async for message in messages:
                await self._write(send, message)
        await send({"type": "http.response.body", "body": COMPLETE, "more_body": False})

    async def _write(self, send: Send, message: bytes) -> None:
        """Send what a client reads in time; raises `TimeoutError` for one that does not."""
        async with asyncio.timeout(self._live.options.send_seconds):
            await send({"type": "http.response.body", "body": message, "more_body": True})

    async def _messages(self) -> AsyncGenerator[bytes, None]:
        """Results as they come, and comments while none do, until the credentials' time is over."""
        loop, every = asyncio.get_running_loop(), self._live.options.comment_seconds
        end = None if self._seconds_left is None else loop.time() + self._seconds_left
        result = asyncio.ensure_future(anext(self._stream))
        try:
            while end is None or loop.time() < end:
                left = every if end is None else min(every, end - loop.time())
                done, _ = await asyncio.wait([result], timeout=left)
                if not done:
                    yield COMMENT
                    continue
                try:
                    yield _next(self._reply(result.result()).body)
                except (StopAsyncIteration, PublicError):  # its subject, or whoever asks, is gone
                    return
                result = asyncio.ensure_future(anext(self._stream))
        finally:
            result.cancel()
            await asyncio.gather(result, return_exceptions=True)

    def _reply(self, result: ExecutionResult) -> Reply:
        return of_result(result, self._operation.request_id, self._max_errors)


def _next(body: Any) -> bytes:
    return b"event: next\ndata: " + orjson.dumps(body) + b"\n\n"


async def _gone(receive: Receive) -> None:
    """Wait until the client leaves."""
    while (await receive())["type"] != "http.disconnect":
        pass
    raise ClientDisconnect


async def _first_of(*works: Coroutine[Any, Any, Any]) -> None:
    """Run them until one ends, whose end is that of all; raises what it raised."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
