"""A bucket, whosever server it is on."""

import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import obstore
from obstore.exceptions import BaseError
from obstore.store import AzureStore, S3Store

from tests.support.processes import WAIT_SECONDS, environment

if TYPE_CHECKING:
    from obstore.store import ClientConfig, RetryConfig

NAME: Final = "files"
FOLDER: Final = "ours"
CLIENT: Final["ClientConfig"] = {"allow_http": True}
AT_ONCE: Final["RetryConfig"] = {"max_retries": 0, "retry_timeout": timedelta(seconds=5)}


@dataclass(frozen=True, slots=True)
class Bucket:
    """`url` and `environment` configure the platform for it; `store` is how its owner looks into it."""

    url: str
    environment: dict[str, str]
    store: S3Store | AzureStore

    def found(self) -> list[str]:
        """What is in it, as its owner sees it."""
        return sorted(each["path"] for found in obstore.list(self.store) for each in found)

    def takes(self) -> bool:
        """Whether objects can be put into it by now."""
        try:
            obstore.put(self.store, "ready", b"ready")
            obstore.delete(self.store, "ready")
        except BaseError:
            return False
        return True


@contextmanager
def running(command: Sequence[str | Path], folder: Path, **settings: str) -> Iterator[None]:
    """A server for a block, killed at its end: nothing of it is kept."""
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment(folder, **settings),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            yield
        finally:
            process.kill()
            process.wait()


def until(ready: Callable[[], bool]) -> None:
    """Wait for a server that was just started."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not ready():
        assert time.monotonic() < deadline, "the server does not answer"
        time.sleep(0.2)
