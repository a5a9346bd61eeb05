"""Starts it: packages from the lockfile, then Node.js in this process's place, as in production."""

import os
from pathlib import Path

from tests.support.node import WHEEL, install

FOLDER = Path(__file__).parent
PRODUCTION = {"NODE_ENV": "production", "GRAPHILE_ENV": "production"}


def main() -> None:
    """Serve until a signal says stop."""
    install(FOLDER)
    os.chdir(FOLDER)
    program = str(WHEEL / "bin" / "node")
    os.execve(program, [program, "server.mjs"], os.environ | PRODUCTION)


if __name__ == "__main__":
    main()
