"""Workers as their users run them, each a process of its own, and what they say."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.support.processes import ROOT
from tests.support.waiting import until


@contextmanager
def working(env: Mapping[str, str], log: Path, *options: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker for a block; what it says goes to `log`."""
    command = [sys.executable, "-P", "-m", "app", "worker", *options]
    with (
        log.open("ab") as output,
        subprocess.Popen(command, env=env, cwd=ROOT, stdin=subprocess.PIPE, stdout=output, stderr=output) as process,
    ):
        try:
            yield process
        finally:
            process.kill()


async def until_started(folder: Path, workers: int) -> None:
    """Wait for so many workers that log into files `*.log` of `folder`: from then on they end as they are told to."""

    async def started() -> bool:
        return await asyncio.to_thread(_times, folder, "worker started") == workers

    await until(started)


async def said(folder: Path, words: str) -> bool:
    """Whether a worker has logged these words into a file `*.log` of `folder`."""
    return await asyncio.to_thread(_times, folder, words) > 0


def _times(folder: Path, words: str) -> int:
    return sum(log.read_text().count(words) for log in folder.glob("*.log"))
