"""The worker that a demo server runs beside itself, started again if it dies, and never outliving the server."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from app.provision import Addresses
from app.settings import Settings

COMMAND = (sys.executable, "-P", "-m", "app", "worker", "--beside")
AGAIN_SECONDS = 2.0


@contextmanager
def worker_beside(settings: Settings, addresses: Addresses) -> Iterator[None]:
    """A worker for as long as the block lasts, where the demo is served: elsewhere it is a service of its own."""
    if not settings.demo:
        yield
        return
    keeper = _Keeper(os.environ | {"DATABASE_URL": addresses.worker})
    try:
        yield
    finally:
        keeper.stop(settings.shutdown_timeout)


class _Keeper:
    """Its process has the other end of a pipe, so that it learns of any end of this one."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment
        self._stopping = threading.Event()
        self._changing = threading.Lock()
        self._process = self._start()
        threading.Thread(target=self._keep, daemon=True).start()

    def stop(self, seconds: float) -> None:
        """Let it finish what it is doing, within `seconds`."""
        with self._changing:
            self._stopping.set()
        self._process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        self._process.kill()
        self._process.communicate()

    def _start(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(COMMAND, env=self._environment, stdin=subprocess.PIPE)  # noqa: S603 - our own program

    def _keep(self) -> None:
        while not self._stopping.is_set():
            self._process.wait()
            if self._process.stdin is not None:
                self._process.stdin.close()
            self._stopping.wait(AGAIN_SECONDS)
            with self._changing:
                if not self._stopping.is_set():
                    self._process = self._start()
