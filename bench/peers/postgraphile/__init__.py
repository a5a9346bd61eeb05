"""PostGraphile 5 on the Node.js of the environment's own wheel.

`schema.sql` makes the views that it shows, `server.mjs` is the server, `documents.py` has the questions in its words.
"""

import asyncio
import sys
from pathlib import Path

import asyncpg

from bench.contender import Contender
from bench.peers.postgraphile.documents import asks, cursor, normal

FOLDER = Path(__file__).parent


def prepare(url: str) -> None:
    """Make the views; the owner's role owns them, as it does the tables."""
    asyncio.run(_make_views(url))


async def _make_views(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SET ROLE bailiwick_owner")
        await connection.execute((FOLDER / "schema.sql").read_text())
    finally:
        await connection.close()


CONTENDER = Contender(
    "PostGraphile 5", [sys.executable, "-m", "bench.peers.postgraphile"], asks, normal, cursor, prepare
)
