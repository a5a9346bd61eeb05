"""Runs an operation for as long as somebody waits for it and time allows."""

import asyncio
from collections.abc import Awaitable
from typing import Any, Final, Self, TypeVar

from starlette.requests import ClientDisconnect
from starlette.types import Receive

from app.http.errors import OutOfTimeError

T = TypeVar("T")

PATIENCE: Final = 0.05
"""Seconds before anybody looks whether the client is still there: most answers are ready by then."""


class Limit:
    """As `asyncio.timeout`, in a third of its time: a request needs two, and nobody moves them.

    It ends what its task awaits when the time is over, or when somebody says so; `TimeoutError` leaves the block then.
    """

    def __init__(self, seconds: float) -> None:
        self._task: asyncio.Task[Any] = _current_task()
        self._cancelling = self._task.cancelling()
        self._timer = self._task.get_loop().call_later(seconds, self.end)
        self.over = False

    def end(self) -> None:
        """The time is over."""
        if not self.over:
            self.over = True
            self._task.cancel()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        self._timer.cancel()
        if self.over and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise TimeoutError from error


def _current_task() -> asyncio.Task[Any]:
    task = asyncio.current_task()
    if task is None:
        raise RuntimeError("there is a limit for tasks alone")
    return task


async def run(work: Awaitable[T], receive: Receive | None, seconds: float) -> T:
    """The result of `work`; or `OutOfTimeError`, or `ClientDisconnect` when `receive` says that one left.

    Either way the work is cancelled and has ended when this returns. Without `receive` (mutations) it goes on
    when the client leaves: what was begun is finished, and the idempotency key finds it.
    """
    limit = Limit(seconds)
    watch = _Watch(limit, receive) if receive else None
    try:
        with limit:
            return await work
    except TimeoutError:
        if watch is not None and watch.client_left:
            raise ClientDisconnect from None
        if limit.over:
            raise OutOfTimeError(f"The operation ran longer than {seconds:g} seconds.") from None
        raise
    finally:
        if watch is not None:
            await watch.stop()


class _Watch:
    """Ends the time of a client that leaves; it begins to look after `PATIENCE`."""

    def __init__(self, limit: Limit, receive: Receive) -> None:
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
        self._limit.end()

    async def stop(self) -> None:
        """Look no longer; nothing of it is left."""
        self._start.cancel()
        if self._looking is not None:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
