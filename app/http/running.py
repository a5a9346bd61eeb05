"""Runs an operation for as long as somebody waits for it and time allows."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect
from starlette.types import Receive

from app.http.errors import OutOfTimeError

T = TypeVar("T")


async def run(work: Coroutine[Any, Any, T], receive: Receive | None, seconds: float) -> T:
    """The result of `work`; or `OutOfTimeError`, or `ClientDisconnect` when `receive` says that one left.

    Either way the work is cancelled and has ended when this returns. Without `receive` (mutations) it goes on
    when the client leaves: what was begun is finished, and the idempotency key finds it.
    """
    task = asyncio.create_task(work)
    watcher = asyncio.create_task(_until_disconnect(receive)) if receive else None
    waited: set[asyncio.Task[Any]] = {task, watcher} if watcher else {task}
    try:
        await asyncio.wait(waited, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        if watcher is not None and watcher.done():
            raise ClientDisconnect
        raise OutOfTimeError(f"The operation ran longer than {seconds:g} seconds.")
    finally:
        for each in waited:
            each.cancel()
        await asyncio.gather(*waited, return_exceptions=True)


async def _until_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
