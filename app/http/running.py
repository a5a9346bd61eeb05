"""Runs an operation for as long as somebody waits for it and time allows."""

import asyncio
from collections.abc import Awaitable
from typing import Final, TypeVar

from starlette.requests import ClientDisconnect
from starlette.types import Receive

from app.http.errors import OutOfTimeError

T = TypeVar("T")

PATIENCE: Final = 0.05
"""Seconds before anybody looks whether the client is still there: most answers are ready by then."""


async def run(work: Awaitable[T], receive: Receive | None, seconds: float) -> T:
    """The result of `work`; or `OutOfTimeError`, or `ClientDisconnect` when `receive` says that one left.

    Either way the work is cancelled and has ended when this returns. Without `receive` (mutations) it goes on
    when the client leaves: what was begun is finished, and the idempotency key finds it.
    """
    limit = asyncio.timeout(seconds)
    watch = _Watch(limit, receive) if receive else None
    try:
        async with limit:
            return await work
    except TimeoutError:
        if watch is not None and watch.client_left:
            raise ClientDisconnect from None
        if limit.expired():
            raise OutOfTimeError(f"The operation ran longer than {seconds:g} seconds.") from None
        raise
    finally:
        if watch is not None:
            await watch.stop()


class _Watch:
    """Ends the time of a client that leaves; it begins to look after `PATIENCE`."""

    def __init__(self, limit: asyncio.Timeout, receive: Receive) -> None:
        self.client_left = False
        self._limit = limit
        self._receive = receive
        self._looking: asyncio.Task[None] | None = None
        self._start = asyncio.get_running_loop().call_later(PATIENCE, self._begin)

    def _begin(self) -> None:
        self._looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.client_left = True
        if not self._limit.expired():
            self._limit.reschedule(0)

    async def stop(self) -> None:
        """Look no longer; nothing of it is left."""
        self._start.cancel()
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
