"""`make migrations`: every migration up, down again to nothing, and up again, on a scratch database."""

import asyncio
import sys

import asyncpg

from tenancy.migrate import current, downgrade, head, upgrade
from tests.support.postgres import discard_servers, running_server

LEFT = """
    SELECT format('%s %s', kind, name) FROM (
        SELECT CASE relkind WHEN 'r' THEN 'table' WHEN 'S' THEN 'sequence' ELSE 'index or view' END, relname
        FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE 'alembic\\_version%'
        UNION ALL SELECT 'type', typname FROM pg_type
            WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd')
        UNION ALL SELECT 'function', proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
            AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
    ) AS rest (kind, name)
    ORDER BY 1
"""


async def left_behind(url: str) -> list[str]:
    """What the way down forgot to remove."""
    connection = await asyncpg.connect(url)
    try:
        return [row[0] for row in await connection.fetch(LEFT)]
    finally:
        await connection.close()


def main() -> None:
    """Exit with an error where a migration does not work in both directions."""
    with running_server() as server:
        database = server.create("bailiwick_migrations")
        try:
            upgrade(database.owner_url)
            downgrade(database.owner_url)
            rest = asyncio.run(left_behind(database.owner_url))
            upgrade(database.owner_url)
            revision = asyncio.run(current(database.owner_url))
        finally:
            server.drop(database.name)
    discard_servers()
    if rest:
        sys.exit(f"left behind by the way down: {', '.join(rest)}")
    if revision != head():
        sys.exit(f"the database is at {revision}, the newest revision is {head()}")
    sys.stdout.write(f"migrations: up to {revision}, down to nothing, and up again\n")


if __name__ == "__main__":
    main()
