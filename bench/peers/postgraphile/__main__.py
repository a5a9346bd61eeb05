"""Starts it: packages from the lockfile, views by the owner's role, then Node.js in this process's place.

Of the environment it reads what every target does: PORT, DATABASE_URL and BAILIWICK_OWNER_DATABASE_URL.
"""

import asyncio
import os
from pathlib import Path

import asyncpg

from app.settings import settings
from tests.support.node import WHEEL, install

FOLDER = Path(__file__).parent
PRODUCTION = {"NODE_ENV": "production", "GRAPHILE_ENV": "production"}


def main() -> None:
    """Serve until a signal says stop."""
    install(FOLDER)
    asyncio.run(_make_views(os.environ["BAILIWICK_OWNER_DATABASE_URL"]))
    os.chdir(FOLDER)
    program = str(WHEEL / "bin" / "node")
    os.execve(program, [program, "server.mjs"], os.environ | PRODUCTION | {"POOL_SIZE": str(settings().pool_size)})


async def _make_views(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute((FOLDER / "schema.sql").read_text())
    finally:
        await connection.close()


if __name__ == "__main__":
    main()
