"""PostgreSQL as the benchmark sees it: a superuser's eyes, and what it was asked."""

import asyncio
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import asyncpg
import psutil

from app.postgres import EmbeddedServer
from tenancy.roles import APPLICATION, DATABASE, OWNER

SENT = re.compile(r"LOG:  (?:execute [^:]*|statement):\W*(\w+)")
EDGES = {"BEGIN", "COMMIT", "ROLLBACK", "START"}


class Postgres:
    """The embedded server, with the settings with which it is served."""

    def __init__(self, server: EmbeddedServer) -> None:
        self._server = server

    @property
    def superuser(self) -> str:
        """Its address for a superuser."""
        return self._server.url(DATABASE)

    @property
    def addresses(self) -> dict[str, str]:
        """Its addresses as the platform reads them: of the role that row-level security holds for, and of the owner."""
        return {
            "DATABASE_URL": self._server.url(DATABASE, APPLICATION),
            "BAILIWICK_OWNER_DATABASE_URL": self._server.url(DATABASE, OWNER),
        }

    @property
    def process(self) -> psutil.Process:
        """The server's first process."""
        return psutil.Process(self._server.running_pid() or 0)

    def execute(self, *statements: str) -> None:
        """Run statements as a superuser, each in a transaction of its own."""
        for statement in statements:
            self.rows(statement)

    def rows(self, statement: str, *values: Any) -> list[asyncpg.Record]:
        """What a superuser reads."""
        return asyncio.run(self._rows(statement, values))

    async def _rows(self, statement: str, values: tuple[Any, ...]) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.superuser)
        try:
            return await connection.fetch(statement, *values)
        finally:
            await connection.close()

    @contextmanager
    def noting(self) -> Iterator[list[str]]:
        """The first words of all statements that the server is sent meanwhile, once the block has ended."""
        sent: list[str] = []
        self.execute("ALTER SYSTEM SET log_statement = 'all'", "SELECT pg_reload_conf()")
        log = self._server.data.parent / "log"
        try:
            time.sleep(0.5)  # until all its processes know
            start = log.stat().st_size
            yield sent
            time.sleep(0.5)  # a transaction may end after its answer was sent
            sent += map(str.upper, SENT.findall(log.read_bytes()[start:].decode(errors="replace")))
        finally:
            self.execute("ALTER SYSTEM RESET log_statement", "SELECT pg_reload_conf()")
