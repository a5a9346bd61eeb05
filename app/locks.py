"""Locks between processes. The kernel lets go of them when a process dies, however it dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FileLock:
    """An advisory lock on a file; not to be shared between threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def shared(self) -> None:
        """Hold it together with others; waits for one who holds it alone."""
        self._lock(fcntl.LOCK_SH)

    def alone(self, *, wait: bool = True) -> bool:
        """Hold it alone; without `wait`, False when others hold it."""
        try:
            self._lock(fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        """Let go."""
        if self._descriptor is not None:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)  # forked workers hold copies of the descriptor
            os.close(self._descriptor)
            self._descriptor = None

    def write(self, text: str) -> None:
        """Say in the file who holds the lock."""
        if self._descriptor is None:
            raise RuntimeError("not held")
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text.encode(), 0)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold it alone for a block."""
        self.alone()
        try:
            yield
        finally:
            self.release()

    def _lock(self, operation: int) -> None:
        if self._descriptor is None:
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self._descriptor, operation)
