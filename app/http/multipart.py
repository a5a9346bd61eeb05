"""An answer in parts as `multipart/mixed` (RFC 2046), each part sent as soon as it is there."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from functools import partial
from typing import Final

import orjson
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.http.errors import OutOfTimeError
from app.http.incremental import WRITERS, Payload, ended
from app.http.masking import present_all
from app.http.negotiation import IncrementalFormat
from app.http.running import run
from execution.parts.incremental import Incremental, Part

BEGIN: Final = b"\r\n---"
HEAD: Final = b"\r\ncontent-type: application/json; charset=utf-8\r\n\r\n"
BETWEEN: Final = b"\r\n---"
"""Sent with the part before it: a client takes a part for whole when it has seen what ends it."""
END: Final = b"\r\n-----\r\n"

LAST_WORDS: Final = 5.0
"""Seconds in which a client can still take what was written when the time was up."""


class MultipartResponse(Response):
    """The response to one operation; it closes the answer's parts, come what may."""

    def __init__(
        self, answer: Incremental, wanted: IncrementalFormat, request_id: str, *, max_errors: int, deadline: float
    ) -> None:
        """`deadline` is a time of the event loop's clock."""
        headers = {"Cache-Control": "no-store", "Vary": "Accept", "X-Accel-Buffering": "no"}
        super().__init__(None, 200, headers, f'multipart/mixed;boundary="-";{wanted}')
        del self.headers["content-length"]
        self._answer = answer
        self._present = partial(present_all, request_id=request_id, most=max_errors)
        self._writer = WRITERS[wanted](self._present)
        self._open = {each.id: each for each in answer.pending}
        self._deadline = deadline

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Send the parts for as long as the client is there; raises `ClientDisconnect` when it leaves."""
        seconds = self._deadline - asyncio.get_running_loop().time() + LAST_WORDS
        try:
            await run(self._send(send), receive, seconds)
        except OutOfTimeError:
            raise ClientDisconnect from None
        finally:
            await self._answer.parts.aclose()

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        before = BEGIN
        async with aclosing(self._payloads()) as payloads:
            async for payload in payloads:
                more = payload["hasNext"]
                body = b"".join((before, HEAD, orjson.dumps(payload), BETWEEN if more else END))
                await send({"type": "http.response.body", "body": body, "more_body": more})
                before = b""

    async def _payloads(self) -> AsyncGenerator[Payload, None]:
        """The payloads; the last one waits until the parts have ended, so that their end is never cut off."""
        last: Payload = {}
        async with aclosing(Batches(self._answer.parts, self._deadline)) as batches:
            yield self._first() | {"hasNext": True}
            failure: Exception | None = None
            try:
                async for parts in batches:
                    last = self._increments(parts)
                    if self._open:
                        yield last | {"hasNext": True}
                        last = {}
            except Exception as error:
                failure = error
            if self._open and failure is None:
                failure = RuntimeError("the parts ended before what was announced")
            if failure is not None:
                last |= self._writer.broken(failure, self._open.values())
        yield last | {"hasNext": False}

    def _first(self) -> Payload:
        initial = self._answer.initial
        errors = {"errors": self._present(initial.errors)} if initial.errors else {}
        extensions = {"extensions": initial.extensions} if initial.extensions else {}
        return {"data": initial.data} | errors | extensions | self._writer.announced(self._answer.pending)

    def _increments(self, parts: list[Part]) -> Payload:
        self._open |= {each.id: each for part in parts for each in part.announced}
        for each in ended(parts):
            del self._open[each]
        return self._writer.increments(parts)


class Batches:
    """Reads parts ahead as they come, and gives those that are ready at once together."""

    def __init__(self, parts: AsyncIterator[Part], deadline: float) -> None:
        self._ready: list[Part] = []
        self._news = asyncio.Event()
        self._reading = asyncio.create_task(self._read(parts, deadline))

    async def __aiter__(self) -> AsyncIterator[list[Part]]:
        """Lists that are never empty; raises what stopped the parts, `OutOfTimeError` at the deadline."""
        while self._ready or not self._reading.done():
            await self._news.wait()
            self._news.clear()
            if self._ready:
                batch, self._ready = self._ready, []
                yield batch
        await self._reading

    async def aclose(self) -> None:
        """Stop reading; where the parts run, they are cancelled."""
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)

    async def _read(self, parts: AsyncIterator[Part], deadline: float) -> None:
        timer = asyncio.timeout_at(deadline)
        try:
            async with timer:
                async for part in parts:
                    self._ready.append(part)
                    self._news.set()
        except TimeoutError:
            if timer.expired():
                raise OutOfTimeError("The operation ran out of time.") from None
            raise
        finally:
            self._news.set()
