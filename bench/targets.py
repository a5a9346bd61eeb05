"""What is measured: servers in processes of their own, over one PostgreSQL with the demo's data."""

import asyncio
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import psutil

from app.demo.accounts import PASSWORD
from app.postgres import EmbeddedServer
from tenancy.roles import APPLICATION, DATABASE, OWNER, create_database
from tests.support.processes import environment, serving

SENT = re.compile(r"LOG:  (?:execute [^:]*|statement):\W*(\w+)")
EDGES = {"BEGIN", "COMMIT", "ROLLBACK"}


class Postgres:
    """The embedded server, with the settings with which it is served."""

    def __init__(self, folder: Path) -> None:
        self.server = EmbeddedServer(folder)

    def execute(self, *statements: str) -> None:
        """Run statements as a superuser, each in a transaction of its own."""
        for statement in statements:
            self.rows(statement)

    def rows(self, statement: str, *values: Any) -> list[asyncpg.Record]:
        """What a superuser reads."""
        return asyncio.run(self._rows(statement, values))

    async def _rows(self, statement: str, values: tuple[Any, ...]) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.server.url(DATABASE))
        try:
            return await connection.fetch(statement, *values)
        finally:
            await connection.close()

    @contextmanager
    def noting(self) -> Iterator[list[str]]:
        """The first words of all statements that the server is sent meanwhile, once the block has ended."""
        sent: list[str] = []
        self.execute("ALTER SYSTEM SET log_statement = 'all'", "SELECT pg_reload_conf()")
        log = self.server.data.parent / "log"
        try:
            time.sleep(0.5)  # until all its processes know
            start = len(log.read_text())
            yield sent
            sent += SENT.findall(log.read_text()[start:])
        finally:
            self.execute("ALTER SYSTEM RESET log_statement", "SELECT pg_reload_conf()")


@dataclass(frozen=True, slots=True)
class Target:
    """A server that runs."""

    name: str
    url: str
    process: psutil.Process

    def token(self, email: str) -> str:
        """The access token of a demo account."""
        form = {"grant_type": "password", "username": email, "password": PASSWORD}
        return str(httpx.post(f"{self.url}/auth/token", data=form).raise_for_status().json()["access_token"])


@contextmanager
def running(folder: Path) -> Iterator[tuple[Postgres, Target, Target]]:
    """PostgreSQL, the platform and bare Starlette, each with one worker."""
    with _postgres(folder / "postgres") as postgres:
        more = {
            "DATABASE_URL": postgres.server.url(DATABASE, APPLICATION),
            "BAILIWICK_OWNER_DATABASE_URL": postgres.server.url(DATABASE, OWNER),
            "BAILIWICK_DEMO": "true",
            "BAILIWICK_RATE_LIMIT": str(10**12),
        }
        with _target("bailiwick", "app.main:create", folder, more) as platform:
            postgres.execute("VACUUM (ANALYZE)", "CHECKPOINT")
            with _target("bare", "bench.peers.bare:create", folder, more) as bare:
                yield postgres, platform, bare


@contextmanager
def _postgres(folder: Path) -> Iterator[Postgres]:
    postgres = Postgres(folder)
    try:
        with postgres.server as server:
            asyncio.run(create_database(server.url("postgres")))
            yield postgres
    finally:
        postgres.server.destroy()


@contextmanager
def _target(name: str, create: str, folder: Path, more: dict[str, str]) -> Iterator[Target]:
    with serving(environment(folder / name, **more), create, folder / f"{name}.log") as served:
        yield Target(name, served.url, psutil.Process(served.process.pid))
