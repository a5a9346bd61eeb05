"""A real PostgreSQL for the tests: one server per run, one database per worker, copied from a migrated one.

`TEST_DATABASE_URL`, the address of a superuser of any PostgreSQL 16 or newer, replaces the embedded server.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg

from app.errors import SetupError
from app.locks import FileLock
from app.postgres import EmbeddedServer
from tenancy.migrate import head, upgrade
from tenancy.roles import APPLICATION, OWNER, WORKER, create_database

PREFIX = "bailiwick-tests"
RUN = os.environ.setdefault("BAILIWICK_TEST_RUN", uuid4().hex[:12])  # workers inherit the name of their run


@dataclass(frozen=True, slots=True)
class Database:
    """One database, as each of its roles reaches it (libpq URLs)."""

    name: str
    application_url: str
    owner_url: str
    worker_url: str
    administrator_url: str


class Server:
    """A server in which the tests make and drop databases; its addresses are those of a superuser."""

    def __init__(self, url: str, *, embedded: bool) -> None:
        self._url = url
        self._embedded = embedded

    def url(self, database: str, role: str | None = None) -> str:
        """The address of `database`; with `role`, every statement is that role's."""
        parts = urlsplit(self._url)._replace(path=f"/{database}")
        if role and self._embedded:
            parts = parts._replace(netloc=f"{role}@")
        elif role:
            parts = parts._replace(query="&".join(filter(None, [parts.query, f"role={role}"])))
        return urlunsplit(parts)

    def create(self, name: str, template: str | None = None) -> Database:
        """Make an empty database, or a copy of `template`."""
        self.drop(name)
        asyncio.run(create_database(self._url, name, template))
        application, owner, worker = (self.url(name, role) for role in (APPLICATION, OWNER, WORKER))
        return Database(name, application, owner, worker, self.url(name))

    def drop(self, name: str) -> None:
        """Drop the database `name`, whoever is connected to it."""
        self.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def has(self, name: str) -> bool:
        """Whether there is a database `name`."""
        return bool(self.execute(f"SELECT FROM pg_database WHERE datname = '{name}'"))

    def execute(self, statement: str) -> list[asyncpg.Record]:
        """Run one statement in the server's own database."""
        return asyncio.run(self._execute(statement))

    async def _execute(self, statement: str) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self._url)
        try:
            return await connection.fetch(statement)
        finally:
            await connection.close()


@contextmanager
def running_server() -> Iterator[Server]:
    """The server of this test run, shared by its workers: for a fixture of the session."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield Server(given, embedded=False)
        return
    with EmbeddedServer(run_folder(), durable=False) as embedded:
        yield Server(embedded.url("postgres"), embedded=True)


@contextmanager
def migrated_database(server: Server, worker: str = "main") -> Iterator[Database]:
    """A database of the newest schema, for one worker alone."""
    with copied_database(server, worker, migrated(server)) as database:
        yield database


@contextmanager
def copied_database(server: Server, worker: str, template: str) -> Iterator[Database]:
    """A copy of a template, for one worker alone."""
    with FileLock(run_folder() / "template.lock").held():  # PostgreSQL copies for one at a time
        database = server.create(f"bailiwick_test_{RUN}_{worker}", template)
    try:
        yield database
    finally:
        server.drop(database.name)


def migrated(server: Server) -> str:
    """The name of the run's database of the newest schema, which is only copied."""
    return template(server, f"template_{head() or 'empty'}", None, lambda made: upgrade(made.owner_url))


def template(server: Server, name: str, base: str | None, fill: Callable[[Database], object]) -> str:
    """The name of a database that one worker of the run makes from `base`, for all of them to copy."""
    name = f"bailiwick_{name}_{RUN}"
    with FileLock(run_folder() / "template.lock").held():
        if not server.has(name):
            fill(server.create(f"{name}_new", base))
            server.execute(f'ALTER DATABASE "{name}_new" RENAME TO "{name}"')
    return name


def discard_servers() -> None:
    """Throw away what this run and killed ones left: for the end of the session, outside the workers."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        with suppress(OSError, asyncpg.PostgresError):
            server = Server(given, embedded=False)
            for row in server.execute(f"SELECT datname FROM pg_database WHERE datname LIKE 'bailiwick_%{RUN}%'"):
                server.drop(row[0])
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}-{os.geteuid()}-*"):
        with suppress(SetupError):
            EmbeddedServer(folder, durable=False).destroy()
            shutil.rmtree(folder, ignore_errors=True)


def run_folder() -> Path:
    """What the workers of the run share; it goes with the server."""
    folder = Path(tempfile.gettempdir()) / f"{PREFIX}-{os.geteuid()}-{RUN}"
    folder.mkdir(mode=0o711, exist_ok=True)
    return folder
