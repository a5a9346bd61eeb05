"""Running `bailiwick` as its users do: as a process of its own, with an environment of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import httpx
import psutil

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a secret key of the tests, long enough"
SERVE = "from app.server import serve; from app.settings import settings; serve(settings(), '{target}')"
WAIT_SECONDS = 60.0


def environment(data_folder: Path, **more: str) -> dict[str, str]:
    """An environment in which nothing but `data_folder` and `more` is configured."""
    ours = ("BAILIWICK_", "DATABASE_URL", "HOST", "PORT", "WORKERS", "TEST_DATABASE_URL", "PYTEST_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    basic = {"BAILIWICK_DATA_FOLDER": str(data_folder), "BAILIWICK_SECRET_KEY": SECRET, "PYTHONPATH": str(ROOT)}
    return kept | basic | more


def bailiwick(*arguments: str, env: Mapping[str, str], said: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command to its end; `said` is its standard input, which is no terminal."""
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=WAIT_SECONDS,
        check=False,
        input=said,
    )


@dataclass(frozen=True, slots=True)
class Served:
    """A server that was started, and where it answers."""

    process: subprocess.Popen[str]
    url: str

    @classmethod
    def start(cls, env: Mapping[str, str], command: list[str], log: Path | None = None) -> Self:
        """Start it on a free port and wait until it answers; what it says goes to `log`, where that is given."""
        port = free_port()
        with log.open("a") if log else nullcontext(subprocess.PIPE) as output:
            process = subprocess.Popen(
                [sys.executable, *command],
                env={**env, "PORT": str(port)},
                cwd=ROOT,
                text=True,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        served = cls(process, f"http://127.0.0.1:{port}")
        served._await_ready()
        return served

    def interrupt(self) -> int:
        """Ctrl-C, which a terminal sends to all processes of the group; the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.end()

    def said(self) -> str:
        """What was said once it answered, up to its last line."""
        lines: list[str] = []
        for line in self.process.stdout or ():
            lines.append(line)
            if line.startswith("Ctrl-C"):
                break
        return "".join(lines)

    def end(self) -> int:
        """Wait for the process; its exit code."""
        self.process.communicate(timeout=WAIT_SECONDS)
        return self.process.returncode

    def _await_ready(self) -> None:
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended: {self.process.communicate()}")
            try:
                if httpx.get(f"{self.url}/readyz").status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.02)
        self.process.kill()
        raise AssertionError("the server does not answer")


@contextmanager
def serving(
    env: Mapping[str, str], target: str = "tests.support.answering:create", log: Path | None = None
) -> Iterator[Served]:
    """A server of `target` for a block; whatever the block leaves of it is killed."""
    with _running(Served.start(env, ["-c", SERVE.format(target=target)], log)) as served:
        yield served


@contextmanager
def serving_demo(env: Mapping[str, str]) -> Iterator[Served]:
    """What `make serve` runs, for a block."""
    with _running(Served.start(env, ["-m", "app", "serve", "--demo"])) as served:
        yield served


@contextmanager
def _running(served: Served) -> Iterator[Served]:
    family = psutil.Process(served.process.pid)
    try:
        yield served
    finally:
        if served.process.poll() is None:
            for process in [*family.children(recursive=True), family]:
                process.kill()
        served.end()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def postgres_of(data_folder: Path) -> list[int]:
    """The servers that run on `data_folder`."""
    processes = psutil.process_iter(["name", "cwd"])
    return [
        process.pid
        for process in processes
        if process.info["name"] == "postgres" and str(process.info["cwd"]).startswith(str(data_folder))
    ]
