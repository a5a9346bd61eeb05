"""Hears what PostgreSQL tells (LISTEN), on one connection of this process, for as long as it is wanted."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import asyncpg
import structlog

from tenancy.url import driver_url

LOG: Final = structlog.get_logger("bailiwick.live")
FIRST_WAIT: Final = 0.1
LONGEST_WAIT: Final = 5.0
LOOKED_AT_EVERY: Final = 10.0
"""Seconds after which a silent connection is asked whether it is still there."""


class Listener:
    """Calls `heard` with each payload of `channel`, and `resumed` when it hears again after an interruption.

    What is told while no connection stands is lost: `resumed` is where that is made good. `url` is a libpq URL of the
    server itself: poolers in transaction mode pass nothing on.
    """

    def __init__(self, url: str, channel: str, heard: Callable[[str], None], resumed: Callable[[], None]) -> None:
        self._url = driver_url(url)
        self._channel = channel
        self._heard = heard
        self._resumed = resumed
        self._interrupted = False
        self._task: asyncio.Task[None] | None = None
        self._hears = asyncio.Event()

    async def hearing(self, seconds: float) -> None:
        """Begin, if need be, and wait until it hears; raises `TimeoutError` where that takes longer than `seconds`."""
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        async with asyncio.timeout(seconds):
            await self._hears.wait()

    async def close(self) -> None:
        """Hear no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _run(self) -> None:
        wait = FIRST_WAIT
        while True:
            try:
                await self._listen()
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                LOG.warning("live updates are interrupted", error=type(error).__name__)
            self._interrupted = self._interrupted or self._hears.is_set()
            wait = FIRST_WAIT if self._hears.is_set() else min(wait * 2, LONGEST_WAIT)
            self._hears.clear()
            await asyncio.sleep(wait)

    async def _listen(self) -> None:
        """Hear until the connection is gone."""
        connection = await asyncpg.connect(self._url, timeout=LONGEST_WAIT)
        gone = asyncio.Event()
        connection.add_termination_listener(lambda _connection: gone.set())
        try:
            await connection.add_listener(self._channel, self._told)
            self._hears.set()
            if self._interrupted:
                self._resumed()
            while not gone.is_set():
                await connection.fetchval("SELECT 1", timeout=LONGEST_WAIT)
                with suppress(TimeoutError):
                    await asyncio.wait_for(gone.wait(), LOOKED_AT_EVERY)
        finally:
            connection.terminate()

    def _told(self, _connection: Any, _pid: int, _channel: str, payload: object) -> None:
        self._heard(str(payload))
