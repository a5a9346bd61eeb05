"""The roles of the database: one owns the tables and migrates them; one serves requests, one runs jobs, and both own
nothing.

Row-level security holds for all: the policies are forced, and none is a superuser or may bypass them. The owner reads
more than scopes open in the tables that tell who acts, for the functions that find that out (docs/adr/0022).
"""

from contextlib import suppress

import asyncpg

from tenancy.url import driver_url

OWNER = "bailiwick_owner"
APPLICATION = "bailiwick_app"
WORKER = "bailiwick_worker"
DATABASE = "bailiwick"
RESTRICTED = "NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION"


async def create_roles(connection: asyncpg.Connection) -> None:
    """Create the roles that are missing; `connection` belongs to an administrator of the server."""
    for role in (OWNER, APPLICATION, WORKER):
        if not await connection.fetchval("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", role):
            with suppress(asyncpg.DuplicateObjectError, asyncpg.UniqueViolationError):  # somebody else just did
                await connection.execute(f"CREATE ROLE {role} LOGIN {RESTRICTED}")


async def missing_roles(url: str) -> list[str]:
    """Those of the roles that are not there, tried to be made first: the owner of a database of somebody's own may not
    make any, and a role that came with a newer release is missing there until an administrator makes it.
    """
    connection = await asyncpg.connect(driver_url(url))
    try:
        with suppress(asyncpg.InsufficientPrivilegeError):
            await create_roles(connection)
        known = {row[0] for row in await connection.fetch("SELECT rolname FROM pg_roles")}
    finally:
        await connection.close()
    return [role for role in (OWNER, APPLICATION, WORKER) if role not in known]


async def create_database(administrator_url: str, name: str = DATABASE, template: str | None = None) -> None:
    """Create the database `name`, owned by the owner's role, and the roles, as far as they are missing.

    `template` is the name of a database to copy.
    """
    connection = await asyncpg.connect(driver_url(administrator_url))
    try:
        await create_roles(connection)
        if not await connection.fetchval("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name):
            source = f' TEMPLATE "{template}"' if template else ""
            await connection.execute(f'CREATE DATABASE "{name}" OWNER {OWNER}{source}')
            await connection.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
        if not await connection.fetchval("SELECT has_database_privilege($1, $2, 'CONNECT')", WORKER, name):
            await connection.execute(f'GRANT CONNECT ON DATABASE "{name}" TO {APPLICATION}, {WORKER}')
    finally:
        await connection.close()


async def adopt_database(administrator_url: str, *, superuser: bool) -> None:
    """Give an existing database to the owner's role: for the demo on somebody's own server."""
    connection = await asyncpg.connect(driver_url(administrator_url))
    try:
        await create_roles(connection)
        for role in () if superuser else (OWNER, APPLICATION, WORKER):
            await connection.execute(f"GRANT {role} TO CURRENT_USER")  # else it could not become them
        name = str(await connection.fetchval("SELECT quote_ident(current_database())"))
        await connection.execute(f"GRANT CREATE, CONNECT, TEMPORARY ON DATABASE {name} TO {OWNER}")
        await connection.execute(f"GRANT CONNECT ON DATABASE {name} TO {APPLICATION}, {WORKER}")
        await connection.execute(f"GRANT ALL ON SCHEMA public TO {OWNER} WITH GRANT OPTION")
        await connection.execute(f"GRANT USAGE ON SCHEMA public TO {APPLICATION}, {WORKER}")
    finally:
        await connection.close()
