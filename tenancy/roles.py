"""The two roles of the database: one owns the tables and migrates them, one serves requests and owns nothing.

Row-level security holds for both: the policies are forced, and neither is a superuser or may bypass them.
"""

import asyncpg

from tenancy.url import driver_url

OWNER = "bailiwick_owner"
APPLICATION = "bailiwick_app"
DATABASE = "bailiwick"
_RESTRICTED = "NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOREPLICATION"


async def create_roles(connection: asyncpg.Connection) -> None:
    """Create the roles that are missing; `connection` belongs to an administrator of the server."""
    for role in (OWNER, APPLICATION):
        if not await connection.fetchval("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", role):
            await connection.execute(f"CREATE ROLE {role} LOGIN {_RESTRICTED}")


async def create_database(administrator_url: str, name: str = DATABASE, template: str | None = None) -> None:
    """Create the database `name`, owned by the owner's role, and the roles, unless it exists.

    `template` is the name of a database to copy.
    """
    connection = await asyncpg.connect(driver_url(administrator_url))
    try:
        if await connection.fetchval("SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name):
            return
        await create_roles(connection)
        source = f' TEMPLATE "{template}"' if template else ""
        await connection.execute(f'CREATE DATABASE "{name}" OWNER {OWNER}{source}')
        await connection.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
        await connection.execute(f'GRANT CONNECT ON DATABASE "{name}" TO {APPLICATION}')
    finally:
        await connection.close()


async def adopt_database(administrator_url: str, *, superuser: bool) -> None:
    """Give an existing database to the owner's role: for the demo on somebody's own server."""
    connection = await asyncpg.connect(driver_url(administrator_url))
    try:
        await create_roles(connection)
        for role in () if superuser else (OWNER, APPLICATION):
            await connection.execute(f"GRANT {role} TO CURRENT_USER")  # else it could not become them
        name = str(await connection.fetchval("SELECT quote_ident(current_database())"))
        await connection.execute(f"GRANT CREATE, CONNECT, TEMPORARY ON DATABASE {name} TO {OWNER}")
        await connection.execute(f"GRANT CONNECT ON DATABASE {name} TO {APPLICATION}")
        await connection.execute(f"GRANT ALL ON SCHEMA public TO {OWNER} WITH GRANT OPTION")
        await connection.execute(f"GRANT USAGE ON SCHEMA public TO {APPLICATION}")
    finally:
        await connection.close()
