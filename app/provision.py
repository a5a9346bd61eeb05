"""The database that a command works on: the embedded one, or the one that the environment names."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from app.errors import SetupError
from app.postgres import EmbeddedServer
from app.settings import Settings
from tenancy.roles import APPLICATION, DATABASE, OWNER, WORKER, adopt_database, create_database
from tenancy.url import driver_url

OLDEST = 16
UNREACHABLE = (
    OSError,
    TimeoutError,
    asyncpg.CannotConnectNowError,  # it starts, recovers or shuts down
    asyncpg.PostgresConnectionError,
    asyncpg.TooManyConnectionsError,
)
"""What passes: another attempt may find the database."""
CONNECT_SECONDS = 5.0


class UnreachableError(SetupError):
    """The database cannot be reached now; it may be later."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """One database as its roles reach it (libpq URLs); who may only use it knows no owner, and is all the others."""

    application: str
    owner: str | None
    worker: str


@dataclass(frozen=True, slots=True)
class Login:
    """Who the server takes us for."""

    name: str
    version: int
    superuser: bool
    bypasses_policies: bool
    creates_roles: bool
    owns_tables: bool

    @property
    def administrates(self) -> bool:
        """Whether it can make the roles."""
        return self.superuser or self.creates_roles


@contextmanager
def database(settings: Settings) -> Iterator[Addresses]:
    """The database for as long as the block lasts; raises `SetupError` where there is none to be had."""
    if settings.database_url is not None:
        yield _given(settings)
        return
    settings.data_folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    with EmbeddedServer(settings.data_folder / "postgres") as server:
        asyncio.run(create_database(server.url("postgres")))
        application, owner, worker = (server.url(DATABASE, role) for role in (APPLICATION, OWNER, WORKER))
        yield Addresses(application, owner, worker)


def owner_address(addresses: Addresses) -> str:
    """Where migrations go; raises `SetupError` when nobody said."""
    if addresses.owner is None:
        raise SetupError("BAILIWICK_OWNER_DATABASE_URL is needed: the role of DATABASE_URL cannot change tables")
    return addresses.owner


def _given(settings: Settings) -> Addresses:
    url = driver_url(settings.database_url.get_secret_value() if settings.database_url else "")
    login = asyncio.run(log_in(url, "DATABASE_URL"))
    if settings.owner_database_url is not None:
        owner = driver_url(settings.owner_database_url.get_secret_value())
        asyncio.run(log_in(owner, "BAILIWICK_OWNER_DATABASE_URL"))
        return Addresses(url, owner, url)
    if not login.administrates:
        return Addresses(url, None, url)
    try:
        asyncio.run(adopt_database(url, superuser=login.superuser))
    except asyncpg.PostgresError as error:
        raise SetupError(f"DATABASE_URL: {login.name} could not make the roles: {_one_line(error)}") from error
    return Addresses(_with_role(url, APPLICATION), _with_role(url, OWNER), _with_role(url, WORKER))


async def log_in(url: str, variable: str) -> Login:
    """Try the address in `variable`; raises `SetupError`: `UnreachableError` where another attempt may help."""
    try:
        connection = await asyncpg.connect(url, timeout=CONNECT_SECONDS)
    except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        kind = UnreachableError if isinstance(error, UNREACHABLE) else SetupError
        raise kind(f"{variable}: cannot connect to {_without_password(url)}: {_one_line(error)}") from error
    try:
        version = connection.get_server_version().major
        if version < OLDEST:
            raise SetupError(f"{variable}: PostgreSQL {OLDEST} or newer is needed, this is {version}")
        row = await connection.fetchrow(
            "SELECT current_user, bool_or(rolsuper), bool_or(rolbypassrls), bool_or(rolcreaterole),"
            " EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public' AND tableowner = current_user)"
            " FROM pg_roles WHERE rolname IN (current_user, session_user)"
        )
    finally:
        await connection.close()
    if row is None:
        raise SetupError(f"{variable}: the server does not know its own user")
    return Login(row[0], version, row[1], row[2], row[3], row[4])


def _with_role(url: str, role: str) -> str:
    """Log in as before, then be `role` from the first statement on."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query="&".join(filter(None, [parts.query, f"role={role}"]))))


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.netloc.rpartition('@')[2] or 'the local server'}{parts.path}"


def _one_line(error: BaseException) -> str:
    return (str(error).splitlines() or [""])[0].strip() or type(error).__name__
