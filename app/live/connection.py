"""One connection within a socket: the dialogue of graphql-transport-ws."""

import asyncio
from collections.abc import Coroutine
from contextlib import ExitStack
from typing import Any, Final, Generic

from starlette.requests import Request

from app.http.live import Live, TooManyConnectionsError, credentials_of
from app.http.masking import LOG
from app.http.operation import CallerT
from app.http.options import HttpOptions
from app.http.parameters import Parameters
from app.http.record import RequestRecord
from app.live import frames
from app.live.closing import ClosingError, Code
from app.live.credentials import asked_as
from app.live.operating import Client, Operating, errors_of
from app.live.socket import LAST_WORDS, Socket, SocketClosedError
from execution.cost.limits import LimitExceededError
from execution.errors import PublicError

LOOK_AGAIN_AFTER: Final = 1.0
"""Seconds after which credentials that were to be over, and are not, are looked at once more."""


class Connection(Generic[CallerT]):
    """Serves one client; `talk` raises what ends it, `ClosingError` or `SocketClosedError`."""

    def __init__(
        self,
        socket: Socket,
        request: Request,
        live: Live[CallerT],
        options: HttpOptions[CallerT],
        operating: Operating[CallerT],
    ) -> None:
        self._socket = socket
        self._request = request
        self._request_id = RequestRecord.of(request.scope).request_id
        self._live = live
        self._options = options
        self._operating = operating
        self._works: set[asyncio.Task[None]] = set()
        self._operations: dict[str, asyncio.Task[None]] = {}
        self._initialised = False
        self._acknowledged = False
        self._heard = True
        self._held = ExitStack()
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def leave(self) -> None:
        """The process stops: the client is to go."""
        self._end(ClosingError(Code.GOING_AWAY, "The server stops: come again."))

    async def talk(self) -> None:
        """Serve the client until it is over."""
        writer = self._work(self._socket.write())
        late = asyncio.get_running_loop().call_later(self._live.options.init_seconds, self._init_is_late)
        self._work(self._listen())
        self._work(self._ask_for_life())
        try:
            await self._over
        except ClosingError as closing:
            await self._farewell(writer, closing)
            raise
        finally:
            late.cancel()
            await _ended(self._works)
            self._held.close()

    async def _farewell(self, writer: asyncio.Task[None], closing: ClosingError) -> None:
        """Stop what goes on and let the client have what waits; one who lost its access hears that all is over."""
        await _ended(self._works - {writer})
        if writer.done() or closing.code is Code.TOO_SLOW:
            return
        over = [frames.complete(key) for key in self._operations] if closing.code is Code.FORBIDDEN else []
        try:
            async with asyncio.timeout(LAST_WORDS):
                for frame in over:
                    await self._socket.put(frame)
                await self._socket.finish()
                await writer
        except TimeoutError:
            return

    def _work(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Begin a part of the connection; its failure ends all of it."""
        task = asyncio.create_task(self._guarded(work))
        self._works.add(task)
        task.add_done_callback(self._works.discard)
        return task

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except (ClosingError, SocketClosedError) as error:
            self._end(error)
        except Exception as error:
            LOG.error("a live connection broke", request_id=self._request_id, exc_info=error)
            self._end(ClosingError(Code.INTERNAL, "Internal error"))

    def _end(self, error: Exception) -> None:
        if not self._over.done():
            self._over.set_exception(error)

    def _init_is_late(self) -> None:
        if not self._initialised:
            self._end(ClosingError(Code.INIT_TIMEOUT, "Connection initialisation timeout"))

    async def _listen(self) -> None:
        most, depth = self._options.max_body_bytes, self._options.max_json_depth
        while True:
            text = await self._socket.receive()
            self._heard = True
            await self._answer(frames.read(text, most_bytes=most, max_depth=depth))

    async def _ask_for_life(self) -> None:
        """A client that says nothing for long is asked for a sign, and is given up without one."""
        while True:
            await asyncio.sleep(self._live.options.ping_seconds)
            if not self._heard:
                raise ClosingError(Code.TOO_SLOW, "Pings are not answered.")
            self._heard = False
            await self._socket.put(frames.PING)

    async def _answer(self, frame: frames.Frame) -> None:
        match frame:
            case frames.ConnectionInit():
                await self._begin(frame)
            case frames.Ping():
                await self._socket.put(frames.pong(frame.payload))
            case frames.Subscribe():
                await self._start(frame)
            case frames.Complete():
                if operation := self._operations.pop(frame.id, None):
                    operation.cancel()

    async def _begin(self, init: frames.ConnectionInit) -> None:
        """Find out who the client is."""
        if self._initialised:
            raise ClosingError(Code.TOO_MANY_INITS, "Too many initialisation requests")
        self._initialised = True
        self._request = asked_as(self._request, init.payload)
        caller = await self._caller()
        try:
            self._held.enter_context(self._live.connections.by(caller.rate_limit_key))
        except TooManyConnectionsError as refusal:
            raise ClosingError(Code.TRY_AGAIN_LATER, refusal.message) from None
        seconds = await self._live.seconds_left(self._request)
        if seconds is not None:
            self._work(self._look_at_credentials(seconds))
        self._acknowledged = True
        await self._socket.put(frames.CONNECTION_ACK)

    async def _look_at_credentials(self, seconds: float) -> None:
        """Look when their time is over; what ends them before is told by the subscriptions' sources."""
        await asyncio.sleep(seconds)
        while True:
            await self._caller()
            await asyncio.sleep(LOOK_AGAIN_AFTER)

    async def _caller(self) -> CallerT:
        """Who the client is now; raises `ClosingError` where nobody is."""
        try:
            return await self._live.authenticate(self._request)
        except PublicError as refusal:
            raise ClosingError(Code.FORBIDDEN, refusal.message) from None

    async def _start(self, asked: frames.Subscribe) -> None:
        """Begin an operation, beside those that go on."""
        if not self._acknowledged:
            raise ClosingError(Code.UNAUTHORIZED, "Unauthorized")
        if asked.id in self._operations:
            raise ClosingError(Code.SUBSCRIBER_EXISTS, f"Subscriber for {asked.id} already exists")
        most = self._live.options.operations
        sent = asked.asked if len(self._operations) < most else LimitExceededError("operations", most, most + 1)
        if isinstance(sent, PublicError):
            await self._socket.put(frames.refusal(asked.id, errors_of(sent, self._request_id)))
        else:
            self._operations[asked.id] = self._work(self._operate(asked.id, sent))

    async def _operate(self, key: str, sent: Parameters) -> None:
        operation = asyncio.current_task()
        credentials = credentials_of(self._request)
        await self._operating.run(key, sent, Client(self._caller, credentials, self._socket.put, self._request_id))
        if self._operations.get(key) is operation:
            del self._operations[key]


async def _ended(works: set[asyncio.Task[None]]) -> None:
    """Cancel them, and wait until they have ended."""
    ending = tuple(works)
    for work in ending:
        work.cancel()
    await asyncio.gather(*ending, return_exceptions=True)
