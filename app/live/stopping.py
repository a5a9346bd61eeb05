"""Telling clients to go before the server stops: it would close their sockets without a word."""

import asyncio
import os
import signal
import threading
from typing import Final

from app.http.live import Connections

LAST_WORDS: Final = 1.5
"""Seconds in which clients that are told to go are waited for."""


def tell_before_stopping(connections: Connections) -> None:
    """Put the clients' leave before what SIGTERM does in a worker; then SIGINT, which does the same, does it."""
    if threading.current_thread() is not threading.main_thread():
        return  # a server that is part of something else, which has the signals
    loop = asyncio.get_running_loop()
    going: list[asyncio.Task[None]] = []

    async def stop() -> None:
        await connections.close(LAST_WORDS)
        os.kill(os.getpid(), signal.SIGINT)

    def told() -> None:
        if not going:
            going.append(loop.create_task(stop()))

    loop.add_signal_handler(signal.SIGTERM, told)
