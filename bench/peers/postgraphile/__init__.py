"""PostGraphile 5 on the Node.js of the environment's own wheel.

`schema.sql` makes the views that it shows, `server.mjs` is the server, `documents.py` has the questions in its words.
"""

from pathlib import Path

from bench.contender import Contender
from bench.peers import prepare
from bench.peers.postgraphile.documents import asks, cursor, normal
from tests.support.node import WHEEL, install

FOLDER = Path(__file__).parent
PRODUCTION = ("NODE_ENV=production", "GRAPHILE_ENV=production")


def _prepare(url: str) -> None:
    """Install what the lockfile names, and make the views."""
    install(FOLDER)
    prepare.run(url, prepare.SESSIONS, FOLDER / "schema.sql")


CONTENDER = Contender(
    "postgraphile",
    ["/usr/bin/env", *PRODUCTION, str(WHEEL / "bin" / "node"), str(FOLDER / "server.mjs")],
    asks,
    normal,
    cursor,
    _prepare,
)
