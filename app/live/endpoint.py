"""The WebSocket endpoint of `/graphql`."""

import time
from typing import Generic

from starlette.types import Receive, Scope, Send

from app.http.live import Live
from app.http.masking import LOG
from app.http.operation import CallerT, Executor
from app.http.options import HttpOptions
from app.http.prepare import Preparation
from app.http.record import RequestRecord
from app.live.closing import ClosingError, Code
from app.live.connection import Connection
from app.live.credentials import request_of
from app.live.frames import SUBPROTOCOL
from app.live.operating import Operating
from app.live.socket import Socket, SocketClosedError


class LiveEndpoint(Generic[CallerT]):
    """An ASGI application for sockets.

    Pages of other sites may open one: credentials come in messages, never in cookies, so that there are none to misuse.
    """

    def __init__(
        self,
        preparation: Preparation[CallerT],
        execute: Executor[CallerT],
        live: Live[CallerT],
        options: HttpOptions[CallerT],
    ) -> None:
        self._live = live
        self._options = options
        self._operating = Operating(preparation, execute, live, options)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one socket until it is closed."""
        record = RequestRecord.begin(scope)
        started = time.perf_counter()
        socket = Socket(receive, send, self._live.options.send_seconds)
        code: int = Code.NORMAL
        try:
            await self._serve(scope, socket)
        except SocketClosedError:
            pass
        except ClosingError as closing:
            code = closing.code
            if closing.code is Code.TOO_SLOW:
                self._live.connections.dropped.inc()
            await socket.close(closing)
        finally:
            seconds = round(time.perf_counter() - started, 3)
            LOG.info("socket", request_id=record.request_id, seconds=seconds, code=int(code))

    async def _serve(self, scope: Scope, socket: Socket) -> None:
        offered = SUBPROTOCOL in scope.get("subprotocols", ())
        await socket.accept(SUBPROTOCOL if offered else None)
        if not offered:
            raise ClosingError(Code.UNACCEPTABLE_SUBPROTOCOL, f"Offer the subprotocol {SUBPROTOCOL}.")
        connection = Connection(socket, request_of(scope), self._live, self._options, self._operating)
        with self._live.connections.one(connection.leave):
            await connection.talk()
