"""From an empty database to a first operator who signs in, and what is refused on the way."""

import asyncio
import os
import pty
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx
import pytest
from argon2 import PasswordHasher

from app.demo.accounts import PASSWORD as DEMO_PASSWORD
from app.errors import SetupError
from app.install import check_password
from app.postgres import EmbeddedServer
from tenancy.roles import APPLICATION, OWNER, create_database
from tests.support.processes import ROOT, bailiwick, environment, serving

pytestmark = pytest.mark.thorough

PASSWORD = "correct horse battery staple"
EMAIL = "ops@northstar.example"
INSTALL = ("install", "--name", "Northstar Online", "--email", "Ops@Northstar.example")
VIEWER = "{ viewer { role tenant { name } user { name email } } }"
DEMO_REFUSED = "bailiwick: an account has the demo's password: remove the demo data, or start with --demo\n"
PUBLISHED = {
    "support_region": 3,
    "sla_target": 5,
    "support_channel": 5,
    "agreement": 4,
    "service": 12,
}


@dataclass(frozen=True, slots=True)
class Installation:
    """A database of one's own, and the environment of its commands."""

    env: dict[str, str]
    administrator_url: str

    def run(self, *arguments: str, said: str = "") -> str:
        """What a command printed that went well."""
        done = bailiwick(*arguments, env=self.env, said=said)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def refused(self, *arguments: str, said: str = "") -> str:
        """The one line with which a command is refused."""
        done = bailiwick(*arguments, env=self.env, said=said)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
        return done.stderr.removeprefix("bailiwick: ").removesuffix("\n")

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a superuser reads, or writes."""

        async def fetch() -> list[asyncpg.Record]:
            connection = await asyncpg.connect(self.administrator_url)
            try:
                return await connection.fetch(statement, *values)
            finally:
                await connection.close()

        return [tuple(row) for row in asyncio.run(fetch())]

    def count(self, table: str) -> int:
        """How many rows there are."""
        [[number]] = self.rows(f"SELECT count(*) FROM {table}")
        return int(number)


@pytest.fixture(scope="module")
def postgres() -> Iterator[EmbeddedServer]:
    with tempfile.TemporaryDirectory(prefix="bailiwick-install-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o711)
        server = EmbeddedServer(Path(name) / "postgres", durable=False)
        with server:
            yield server
        server.destroy()


def made(postgres: EmbeddedServer, folder: Path, template: str | None = None) -> tuple[str, Installation]:
    name = f"install_{uuid4().hex}"
    asyncio.run(create_database(postgres.url("postgres"), name, template))
    addresses = {
        "DATABASE_URL": postgres.url(name, APPLICATION),
        "BAILIWICK_OWNER_DATABASE_URL": postgres.url(name, OWNER),
    }
    return name, Installation(environment(folder, **addresses), postgres.url(name))


@pytest.fixture
def empty(postgres: EmbeddedServer, tmp_path: Path) -> Installation:
    return made(postgres, tmp_path)[1]


@pytest.fixture(scope="module")
def template(postgres: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated database, to be copied."""
    name, installation = made(postgres, tmp_path_factory.mktemp("data"))
    installation.run("migrate", "up")
    return name


@pytest.fixture
def migrated(postgres: EmbeddedServer, tmp_path: Path, template: str) -> Installation:
    return made(postgres, tmp_path, template)[1]


def test_a_migrated_database_has_what_is_published(migrated: Installation) -> None:
    assert {table: migrated.count(table) for table in PUBLISHED} == PUBLISHED
    assert migrated.rows("SELECT id FROM service WHERE name = 'Cloud Backup for Microsoft 365'") == [
        (UUID("6d905fcad3375a588bdb009a2ae20006"),)
    ]


def test_migrating_again_leaves_what_an_operator_changed(migrated: Installation) -> None:
    region = "SELECT id FROM support_region WHERE key = 'emea'"
    hours = f"SELECT weekday, start_minute, end_minute FROM calendar_interval WHERE region_id = ({region})"
    promised = "SELECT response_minutes FROM sla_target WHERE severity = 5"
    migrated.rows("UPDATE sla_target SET response_minutes = 15 WHERE severity = 5")
    migrated.rows(f"DELETE FROM calendar_interval WHERE region_id = ({region})")
    migrated.rows(
        f"INSERT INTO calendar_interval (id, region_id, weekday, start_minute, end_minute) "
        f"VALUES ('{uuid4()}', ({region}), 2, 600, 660)"
    )
    migrated.run("migrate", "up")

    assert migrated.rows(promised) == [(15,)]
    assert migrated.rows(hours) == [(2, 600, 660)]


def test_migrating_again_publishes_what_is_missing(migrated: Installation) -> None:
    migrated.rows("DELETE FROM calendar_exception")
    migrated.rows("DELETE FROM agreement WHERE kind = 'PRIVACY'")
    migrated.run("migrate", "up")

    assert {table: migrated.count(table) for table in PUBLISHED} == PUBLISHED
    assert migrated.rows("SELECT name FROM calendar_exception WHERE on_date = '2026-07-14'") == []
    assert len(migrated.rows("SELECT FROM calendar_exception WHERE on_date = '2026-01-01'")) == 3


def test_migrating_part_of_the_way_publishes_nothing(empty: Installation) -> None:
    assert empty.run("migrate", "up", "0001").startswith("revision 0001, ")
    assert empty.count("support_region") == 0


def test_the_first_operator_signs_in(migrated: Installation) -> None:
    said = migrated.run(*INSTALL, "--first-name", "Ada", "--last-name", "Berg", said=f"{PASSWORD}\n")
    assert said == f"Northstar Online is installed: sign in as {EMAIL}.\n"

    with serving(migrated.env, "app.main:create") as served:
        form = {"grant_type": "password", "username": EMAIL, "password": PASSWORD}
        signed_in = httpx.post(f"{served.url}/auth/token", data=form)
        headers = {"Authorization": f"Bearer {signed_in.json()['access_token']}"}
        answer = httpx.post(f"{served.url}/graphql", json={"query": VIEWER}, headers=headers)
        assert answer.json() == {
            "data": {
                "viewer": {
                    "role": "OPERATOR",
                    "tenant": {"name": "Northstar Online"},
                    "user": {"name": "Ada Berg", "email": EMAIL},
                }
            }
        }
        assert served.interrupt() == 0


def test_the_password_is_kept_as_argon2id(migrated: Installation) -> None:
    migrated.run(*INSTALL, said=PASSWORD)
    [(stored,)] = migrated.rows("SELECT password_hash FROM user_account")

    assert stored.startswith("$argon2id$")
    assert PasswordHasher().verify(stored, PASSWORD)
    assert not PasswordHasher().check_needs_rehash(stored)


def test_a_second_platform_is_refused(migrated: Installation) -> None:
    migrated.run(*INSTALL, said=PASSWORD)
    line = migrated.refused("install", "--name", "Another", "--email", "other@northstar.example", said=PASSWORD)

    assert line == "the platform is installed already: this database has its tenant"
    assert migrated.rows("SELECT kind, name, slug FROM tenant") == [
        ("PLATFORM", "Northstar Online", "northstar-online")
    ]
    assert migrated.rows("SELECT email FROM user_account") == [(EMAIL,)]


@pytest.mark.parametrize(
    ("password", "line"),
    [
        ("eleven char", "the password needs at least 12 characters"),
        ("x" * 1025, "the password may have at most 1024 characters"),
        (DEMO_PASSWORD, "this is the demo's password, which everybody knows"),
    ],
)
def test_a_password_that_is_easily_found_out_or_useless_is_refused(password: str, line: str) -> None:
    with pytest.raises(SetupError, match=f"^{line}$"):
        check_password(password)


@pytest.mark.parametrize("password", ["x" * 12, "x" * 1024])
def test_any_other_password_is_accepted(password: str) -> None:
    check_password(password)


@pytest.mark.parametrize("said", ["", f"{DEMO_PASSWORD}\n"])
def test_a_refused_password_makes_nothing(migrated: Installation, said: str) -> None:
    assert "password" in migrated.refused(*INSTALL, said=said)
    assert (migrated.count("tenant"), migrated.count("user_account")) == (0, 0)


def test_every_wrong_option_is_named_before_a_password_is_asked_for(migrated: Installation) -> None:
    line = migrated.refused("install", "--name", " ", "--email", "ops", said=PASSWORD)

    assert line == "--name: Enter a name.; --email: An email address must have an @-sign."
    assert migrated.count("tenant") == 0


def test_tables_come_first(empty: Installation) -> None:
    line = empty.refused(*INSTALL, said=PASSWORD)

    assert line.startswith("the database is at revision none, this program needs ")
    assert line.endswith(": `bailiwick migrate up`")


def test_a_terminal_asks_until_the_same_was_typed_twice_and_shows_nothing_of_it(migrated: Installation) -> None:
    shown, code = at_terminal(migrated, PASSWORD, PASSWORD[::-1], PASSWORD, PASSWORD)

    assert code == 0
    assert shown.split("\r\n") == [
        f"Password of {EMAIL}: ",
        "Once more: ",
        "Error: The two entered values do not match.",
        f"Password of {EMAIL}: ",
        "Once more: ",
        f"Northstar Online is installed: sign in as {EMAIL}.",
        "",
    ]


def test_the_demos_password_is_found_at_any_address_where_accounts_share_it(migrated: Installation) -> None:
    hashed = PasswordHasher().hash(DEMO_PASSWORD)
    for email in ("one@northstar.dev", "two@northstar.dev"):
        migrated.rows(
            "INSERT INTO user_account"
            " (id, email, identity_provider, first_name, last_name, sign_in_kind, status, password_hash)"
            " VALUES ($1, $2, 'local', 'Ada', 'Berg', 'LOCAL', 'DISABLED', $3)",
            uuid4(),
            email,
            hashed,
        )

    assert bailiwick("serve", "--port", "0", env=migrated.env).stderr == DEMO_REFUSED


def at_terminal(installation: Installation, *typed: str) -> tuple[str, int]:
    """`bailiwick install` at a terminal of its own, each answer typed when it is asked for; what it shows, its code."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "app", *INSTALL],
        env=installation.env,
        cwd=ROOT,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = ""
    answers = list(typed)
    while chunk := read(ours):
        shown += chunk
        if answers and shown.endswith(": "):
            os.write(ours, f"{answers.pop(0)}\n".encode())
    os.close(ours)
    return shown, process.wait()


def read(terminal: int) -> str:
    """What comes next; nothing at the end, which Linux reports as an error."""
    try:
        return os.read(terminal, 1024).decode()
    except OSError:
        return ""
