"""The application of these tests in a real server, a process of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from app.http.app import create_app
from app.http.logs import configure_logs
from app.http.options import Demo, DemoAccount
from tests.app.http.server import Executor, Options, authenticate, schema

ROOT = Path(__file__).resolve().parents[3]
WAIT_SECONDS = 30.0


def anybody(_caller: object) -> bool:
    """Everybody may read the schema here, as the audits must."""
    return True


def create() -> Starlette:
    """The application that Granian serves; `/seen` tells what its executor saw."""
    configure_logs()
    made = schema()
    executor = Executor(made)

    async def seen(_request: Request) -> JSONResponse:
        what = executor.seen
        return JSONResponse(
            {"begun": what.begun.is_set(), "cancelled": len(what.cancelled), "finished": len(what.finished)}
        )

    async def token(request: Request) -> JSONResponse:
        sent = parse_qs((await request.body()).decode())
        if sent["password"] != ["demo"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse({"access_token": sent["username"][0].partition("@")[0]})

    return create_app(
        schema=made,
        execute=executor,
        authenticate=authenticate,
        options=Options(
            body_seconds=0.3,
            max_body_bytes=100_000,
            may_introspect=anybody,
            demo=Demo((DemoAccount("staff@meridian.example", "Staff of a partner"),), "demo"),
        ),
        extra_routes=[Route("/seen", seen), Route("/auth/token", token, methods=["POST"])],
    )


@dataclass(frozen=True, slots=True)
class Served:
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def served(log: Path, target: str = "tests.app.http.served:create") -> Iterator[Served]:
    """Granian with one worker that serves `target`, on a free port for a block; what it logs goes to `log`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "--log-level", "warning", target],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=output,
            stderr=output,
        )
    running = Served(process, port)
    try:
        _await_ready(running, log)
        yield running
    finally:
        process.terminate()
        process.wait(WAIT_SECONDS)


def _await_ready(running: Served, log: Path) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline and running.process.poll() is None:
        try:
            httpx.get(f"{running.url}/readyz").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"the server does not answer: {log.read_text()}")
