"""The parts of an installation, each a process that can be killed and started again."""

import os
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import psutil

from app.postgres import EmbeddedServer
from tests.support.app import Running
from tests.support.postbox import Postbox
from tests.support.processes import ROOT, SERVE, Served, environment
from tests.support.world import World


@dataclass
class Installation:
    """What runs. `client` is the application once more, in this process: to sign people in, and to look at rows."""

    postgres: EmbeddedServer
    client: Running
    world: World
    box: Postbox
    folder: Path
    server: Served | None = None
    workers: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where the server answers, or would."""
        assert self.server is not None
        return self.server.url

    def start_server(self, **settings: str) -> None:
        """Start it, and wait until it is ready."""
        address = self.client.addresses.application_url
        env = environment(self.folder, DATABASE_URL=address, **settings)
        self.server = Served.start(env, ["-c", SERVE.format(target="app.main:create")], self.folder / "server.log")

    def kill_server(self) -> None:
        """Kill it with everything that it has started."""
        assert self.server is not None
        process = psutil.Process(self.server.process.pid)
        for each in [process, *process.children(recursive=True)]:
            each.kill()
        self.server.process.wait()

    def start_worker(self) -> None:
        """Start one more."""
        settings = {
            "DATABASE_URL": self.client.addresses.worker_url,
            "BAILIWICK_SMTP_URL": self.box.url,
            "BAILIWICK_MAIL_FROM": "Northstar Support <support@northstar.example>",
            "BAILIWICK_MAIL_RETRY_DELAY": "0.2",
            "BAILIWICK_WORKER_HEARTBEAT": "1",
        }
        command = [sys.executable, "-P", "-m", "app", "worker"]
        with (self.folder / "worker.log").open("ab") as log:
            env = environment(self.folder, **settings)
            self.workers.append(subprocess.Popen(command, env=env, cwd=ROOT, stdout=log, stderr=log))

    def kill_worker(self) -> None:
        """Kill the oldest."""
        worker = self.workers.pop(0)
        worker.kill()
        worker.wait()

    def kill_postgres(self) -> None:
        """Kill the server and all its processes at once, in the middle of whatever they do."""
        pid = self.postgres.running_pid()
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)  # it must not look after its children while they die
        for child in psutil.Process(pid).children(recursive=True):
            child.kill()
        os.kill(pid, signal.SIGKILL)
        self.postgres.stop()

    def start_postgres(self) -> None:
        """Start it again: it recovers what it had acknowledged."""
        self.postgres.start()

    def stop(self) -> None:
        """Kill whatever runs, but not PostgreSQL."""
        while self.workers:
            self.kill_worker()
        if self.server is not None and self.server.process.poll() is None:
            self.kill_server()
        if self.postgres.running_pid() is None:
            self.start_postgres()

    async def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """What a superuser reads."""
        connection = await asyncpg.connect(self.client.addresses.administrator_url)
        try:
            return [tuple(row) for row in await connection.fetch(statement)]
        finally:
            await connection.close()

    async def value(self, statement: str) -> Any:
        """The only value of the only row."""
        [[value]] = await self.rows(statement)
        return value

    def delivered(self) -> Counter[str]:
        """How often each mail has come to the mail server, by its name."""
        return Counter(self.box.ids)
