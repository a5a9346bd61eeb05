"""The contenders as they run: a process each, over one PostgreSQL."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from bench.contender import Contender
from bench.database import PASSWORD
from bench.expected import PARTNER
from bench.postgres import Postgres
from tests.support.processes import ROOT, environment, free_port

READY_SECONDS = 60.0
STOP_SECONDS = 20.0
MORE = {
    "HOST": "127.0.0.1",
    "WORKERS": "1",
    "BAILIWICK_POOL_SIZE": "10",
    "BAILIWICK_RATE_LIMIT": str(10**12),
    "BAILIWICK_ACCESS_TOKEN_LIFETIME": str(24 * 3600),
}


@dataclass(frozen=True, slots=True)
class Target:
    """A contender that runs."""

    contender: Contender
    url: str
    process: psutil.Process

    @property
    def name(self) -> str:
        """The contender's."""
        return self.contender.name

    def token(self, email: str) -> str:
        """The access token of somebody, which the platform alone gives."""
        form = {"grant_type": "password", "username": email, "password": PASSWORD}
        return str(httpx.post(f"{self.url}/auth/token", data=form).raise_for_status().json()["access_token"])


@contextmanager
def running(contenders: Sequence[Contender], postgres: Postgres, folder: Path) -> Iterator[list[Target]]:
    """All of them, each in one process that has nothing to do until it is asked; the first is the platform."""
    with ExitStack() as stack:
        targets = []
        for contender in contenders:
            contender.prepare(postgres.superuser)
            targets.append(stack.enter_context(_running(contender, postgres, folder)))
            targets[0].token(PARTNER)  # from the first one on there is the key that signs, which the peers read once
        yield targets


@contextmanager
def _running(contender: Contender, postgres: Postgres, folder: Path) -> Iterator[Target]:
    port, log = free_port(), folder / f"{contender.name}.log"
    more = {**postgres.addresses, **MORE, "PORT": str(port)}
    with log.open("w") as output:
        process = subprocess.Popen(
            contender.command,
            env=environment(folder / contender.name, **more),
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _await_ready(process, f"http://127.0.0.1:{port}", log)
        yield Target(contender, f"http://127.0.0.1:{port}", psutil.Process(process.pid))
    finally:
        _end(process)


def _await_ready(process: "subprocess.Popen[bytes]", url: str, log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"{url}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.05)
    raise SystemExit(f"it does not answer: {log.read_text()[-3000:]}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ctrl-C; whatever of its group does not heed it is killed."""
    for number in (signal.SIGINT, signal.SIGKILL):
        if process.poll() is None:
            os.killpg(process.pid, number)
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                continue
