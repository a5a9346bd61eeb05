"""What must hold before anybody is served for real; in demo mode, what the demo needs is made instead."""

import asyncio
from urllib.parse import urlsplit

import asyncpg
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from app.errors import SetupError
from app.provision import Addresses, log_in
from tenancy import migrate
from tenancy.roles import RESTRICTED, missing_roles
from tenancy.url import driver_url

# Demo accounts have addresses of `.example`, a domain that nobody can own, and share one hash.
SUSPECTS = """
    SELECT password_hash FROM user_account WHERE password_hash IS NOT NULL
    GROUP BY password_hash HAVING count(*) > 1 OR bool_or(email LIKE '%.example')
"""


def check(addresses: Addresses) -> None:
    """Raise `SetupError` unless the database is safe to serve from outside demo mode."""
    asyncio.run(_check(addresses.application))


async def _check(url: str) -> None:
    login = await log_in(url, "DATABASE_URL")
    if login.superuser or login.bypasses_policies or login.owns_tables:
        raise SetupError(
            f"DATABASE_URL: {login.name} is a superuser, owns tables or bypasses row-level security; "
            "give a role that does not"
        )
    await check_revision(url)
    if await _knows_demo_password(url):
        raise SetupError("an account has the demo's password: remove the demo data, or start with --demo")


async def check_roles(url: str) -> None:
    """Make the roles that migrations give rights to; raises `SetupError` with what to do where that is not allowed."""
    missing = await missing_roles(url)
    if missing:
        statements = " ".join(f"CREATE ROLE {role} LOGIN {RESTRICTED} PASSWORD '…';" for role in missing)
        name = urlsplit(url).path.removeprefix("/")
        grant = f'GRANT CONNECT ON DATABASE "{name}" TO {", ".join(missing)};'
        raise SetupError(f"a role is missing: have an administrator of the database run {statements} {grant}")


async def check_revision(url: str) -> None:
    """Raise `SetupError` unless the tables are those that this program knows."""
    current, head = await migrate.current(url), migrate.head()
    if current != head:
        found = current or "none"
        raise SetupError(f"the database is at revision {found}, this program needs {head}: `bailiwick migrate up`")


async def _knows_demo_password(url: str) -> bool:
    connection = await asyncpg.connect(driver_url(url))
    try:
        async with connection.transaction(readonly=True):
            await connection.execute("SELECT set_config('bailiwick.scope', 'worker', true)")
            hashes = [row[0] for row in await connection.fetch(SUSPECTS)]
    finally:
        await connection.close()
    return any(_verifies(hashed) for hashed in hashes)


def _verifies(hashed: str) -> bool:
    from app.demo.accounts import PASSWORD  # noqa: PLC0415 - only where there is somebody suspicious

    try:
        return PasswordHasher().verify(hashed, PASSWORD)
    except (Argon2Error, InvalidHashError):
        return False
