"""PostGraphile 5 on the Node.js of the environment's own wheel.

`schema.sql` makes the views that it shows, `server.mjs` is the server, `documents.py` has the questions in its words.
"""

import asyncio
from pathlib import Path

import asyncpg

from bench.contender import Contender
from bench.peers.postgraphile.documents import asks, cursor, normal
from tests.support.node import WHEEL, install

FOLDER = Path(__file__).parent
PRODUCTION = ("NODE_ENV=production", "GRAPHILE_ENV=production")


def prepare(url: str) -> None:
    """Install what the lockfile names, and make the views, which are the owner's as the tables are."""
    install(FOLDER)
    asyncio.run(_make_views(url))


async def _make_views(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SET ROLE bailiwick_owner")
        await connection.execute((FOLDER / "schema.sql").read_text())
    finally:
        await connection.close()


CONTENDER = Contender(
    "postgraphile",
    ["/usr/bin/env", *PRODUCTION, str(WHEEL / "bin" / "node"), str(FOLDER / "server.mjs")],
    asks,
    normal,
    cursor,
    prepare,
)
