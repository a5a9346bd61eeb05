"""A database of one's own: what is accepted, what is refused, and that each refusal is one line."""

import asyncio
import socketserver
import struct
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from argon2 import PasswordHasher

from app.postgres import EmbeddedServer
from tenancy.roles import APPLICATION, OWNER, WORKER, create_database
from tests.support.processes import bailiwick, environment, free_port, serving

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def somebodys() -> Iterator[EmbeddedServer]:
    """A server that is not ours: reached by its address alone."""
    with tempfile.TemporaryDirectory(prefix="bailiwick-own-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        server = EmbeddedServer(Path(name) / "postgres", durable=False)
        with server:
            yield server
        server.destroy()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder in which no database may appear."""
    return tmp_path / "data"


@pytest.fixture
def migrated(somebodys: EmbeddedServer, folder: Path) -> dict[str, str]:
    """The environment of a real installation: two roles, two addresses, tables made."""
    name = f"own_{uuid4().hex}"
    asyncio.run(create_database(somebodys.url("postgres"), name))
    addresses = {"DATABASE_URL": somebodys.url(name, APPLICATION)}
    owner = {"BAILIWICK_OWNER_DATABASE_URL": somebodys.url(name, OWNER)}
    done = bailiwick("migrate", "up", env=environment(folder, **addresses, **owner))
    assert done.returncode == 0, done.stderr
    return environment(folder, **addresses, PORT=str(free_port()))


def refused(env: dict[str, str], *arguments: str) -> str:
    """The one line with which a command is refused."""
    done = bailiwick(*(arguments or ("serve",)), env=env)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    return done.stderr.removesuffix("\n")


def test_it_serves_from_a_database_of_ones_own(migrated: dict[str, str], folder: Path) -> None:
    with serving(migrated) as served:
        assert served.interrupt() == 0
    assert not (folder / "postgres").exists()


def test_an_unreachable_server_is_named_without_its_password(folder: Path) -> None:
    port = free_port()
    line = refused(environment(folder, DATABASE_URL=f"postgresql://me:hunter2@127.0.0.1:{port}/db"))

    assert line.startswith(f"bailiwick: DATABASE_URL: cannot connect to 127.0.0.1:{port}/db: ")
    assert "hunter2" not in line


def test_an_address_that_is_none_is_refused(folder: Path) -> None:
    line = refused(environment(folder, DATABASE_URL="mysql://127.0.0.1/db"))

    assert line.startswith("bailiwick: DATABASE_URL: cannot connect to 127.0.0.1/db: ")


def test_a_database_that_is_not_there_is_named(somebodys: EmbeddedServer, folder: Path) -> None:
    line = refused(environment(folder, DATABASE_URL=somebodys.url("nowhere")))

    assert line.endswith('database "nowhere" does not exist')


def test_a_server_that_is_too_old_is_refused(folder: Path) -> None:
    with old_server("14.2") as port:
        line = refused(environment(folder, DATABASE_URL=f"postgresql://me@127.0.0.1:{port}/db?sslmode=disable"))

    assert line == "bailiwick: DATABASE_URL: PostgreSQL 16 or newer is needed, this is 14"


def test_an_owner_that_cannot_be_reached_is_named(migrated: dict[str, str]) -> None:
    url = f"postgresql://me@127.0.0.1:{free_port()}/db"
    line = refused({**migrated, "BAILIWICK_OWNER_DATABASE_URL": url}, "migrate", "current")

    assert line.startswith("bailiwick: BAILIWICK_OWNER_DATABASE_URL: cannot connect to ")


def test_migrations_need_the_owner(migrated: dict[str, str]) -> None:
    line = refused(migrated, "migrate", "up")

    assert line == ("bailiwick: BAILIWICK_OWNER_DATABASE_URL is needed: the role of DATABASE_URL cannot change tables")


@pytest.mark.parametrize("role", ["postgres", OWNER])
def test_a_role_that_could_pass_the_fence_serves_nobody(
    migrated: dict[str, str], role: str, somebodys: EmbeddedServer
) -> None:
    line = refused({**migrated, "DATABASE_URL": migrated["DATABASE_URL"].replace(APPLICATION, role)})

    assert line.endswith("is a superuser, owns tables or bypasses row-level security; give a role that does not")


def test_an_administrator_makes_the_roles_and_tables_are_the_owners(somebodys: EmbeddedServer, folder: Path) -> None:
    name = f"adopted_{uuid4().hex}"
    run(somebodys.url("postgres"), f"CREATE DATABASE {name}")
    done = bailiwick("migrate", "up", env=environment(folder, DATABASE_URL=somebodys.url(name)))

    assert done.returncode == 0, done.stderr
    owners = run(somebodys.url(name), "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
    assert [row[0] for row in owners] == [OWNER]


@pytest.fixture
def before_workers(somebodys: EmbeddedServer, folder: Path) -> Iterator[dict[str, str]]:
    """A database that was made before there were workers."""
    name = f"old_{uuid4().hex}"
    asyncio.run(create_database(somebodys.url("postgres"), name))
    administrator = somebodys.url("postgres")
    run(administrator, f"ALTER ROLE {WORKER} RENAME TO put_away")
    owner = {"BAILIWICK_OWNER_DATABASE_URL": somebodys.url(name, OWNER)}
    yield environment(folder, DATABASE_URL=somebodys.url(name, APPLICATION), **owner)
    for statement in (
        f"DROP DATABASE {name} WITH (FORCE)",
        f"DROP ROLE IF EXISTS {WORKER}",
        f"ALTER ROLE put_away RENAME TO {WORKER}",
        f"ALTER ROLE {OWNER} NOCREATEROLE",
    ):
        run(administrator, statement)


def test_a_role_that_is_missing_is_named_with_what_to_do(before_workers: dict[str, str]) -> None:
    line = refused(before_workers, "migrate", "up")

    assert line.startswith("bailiwick: a role is missing: have an administrator of the database run CREATE ROLE ")
    assert f"CREATE ROLE {WORKER} LOGIN NOSUPERUSER NOBYPASSRLS " in line
    assert line.endswith(f" TO {WORKER};")


def test_an_owner_who_may_make_roles_makes_the_one_that_is_missing(
    before_workers: dict[str, str], somebodys: EmbeddedServer
) -> None:
    run(somebodys.url("postgres"), f"ALTER ROLE {OWNER} CREATEROLE")
    done = bailiwick("migrate", "up", env=before_workers)

    assert done.returncode == 0, done.stderr
    assert run(somebodys.url("postgres"), f"SELECT FROM pg_roles WHERE rolname = '{WORKER}'")


def test_no_role_may_pass_the_fence(somebodys: EmbeddedServer, migrated: dict[str, str]) -> None:
    rows = run(
        somebodys.url("postgres"),
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname LIKE 'bailiwick_%'",
    )

    assert [tuple(row) for row in rows] == [(False, False, False, False)] * 3


def test_an_account_with_the_demos_password_keeps_it_from_starting(
    somebodys: EmbeddedServer, migrated: dict[str, str]
) -> None:
    hashed = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("bailiwick-demo")
    run(
        migrated["DATABASE_URL"].replace(APPLICATION, "postgres"),
        "INSERT INTO user_account (id, email, identity_provider, first_name, last_name,"
        " sign_in_kind, status, password_hash)"
        f" VALUES ('{uuid4()}', 'admin@meridian.example', 'local', 'Ada', 'Min', 'LOCAL', 'ACTIVE', '{hashed}')",
    )

    assert refused(migrated) == (
        "bailiwick: an account has the demo's password: remove the demo data, or start with --demo"
    )


@pytest.mark.parametrize(
    ("variable", "value", "line"),
    [
        ("PORT", "eighty", "PORT: Input should be a valid integer, unable to parse string as an integer"),
        ("WORKERS", "0", "WORKERS: Input should be greater than or equal to 1"),
        ("BAILIWICK_SECRET_KEY", "short", "BAILIWICK_SECRET_KEY: Value error, must have at least 32 characters"),
    ],
)
def test_a_wrong_setting_is_named(folder: Path, variable: str, value: str, line: str) -> None:
    assert refused(environment(folder) | {variable: value}) == f"bailiwick: {line}"


def run(url: str, statement: str) -> list[asyncpg.Record]:
    """The rows of one statement."""

    async def fetch() -> list[asyncpg.Record]:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetch(statement)
        finally:
            await connection.close()

    return asyncio.run(fetch())


@contextmanager
def old_server(version: str) -> Iterator[int]:
    """The first words of PostgreSQL's protocol, as a server of that version says them; its port."""

    def message(kind: bytes, body: bytes) -> bytes:
        return kind + struct.pack("!i", len(body) + 4) + body

    class Greeting(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(1024)
            greeting = message(b"R", struct.pack("!i", 0))
            greeting += message(b"S", b"server_version\0" + version.encode() + b"\0")
            self.request.sendall(greeting + message(b"Z", b"I"))
            self.request.recv(1024)

    with socketserver.TCPServer(("127.0.0.1", 0), Greeting) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()
