"""Attacks a running platform with programs that guess: `make fuzz`. FUZZ_SECONDS is how long each role is given."""

import os
import sys
import tempfile
import time
from pathlib import Path

from tests.fuzz.generated import faults, known
from tests.fuzz.guessed import learned
from tests.support.platform import demo_platform
from tests.support.postgres import discard_servers, migrated_database, running_server

ROLES = ("owner@alder.example", "admin@meridian.example", "agent@northstar.example")
OPEN = {"BAILIWICK_RATE_LIMIT": "1000000000", "BAILIWICK_LOG_LEVEL": "error"}
CLOSED = OPEN | {"BAILIWICK_INTROSPECTION": "false", "BAILIWICK_SUGGESTIONS": "false"}


def attacked(seconds: int, folder: Path) -> list[str]:
    """What was found, of each attack that found something."""
    with running_server() as server, migrated_database(server, "fuzz") as database:
        with demo_platform(folder, database, **OPEN) as platform:
            objects = known(platform, *ROLES)
            found = [told(f"schemathesis as {email}", faults(platform, email, objects, seconds)) for email in ROLES]
        with demo_platform(folder, database, **CLOSED) as platform:
            found.append(told("clairvoyance", learned(platform, ROLES[0], folder)))
    return list(filter(None, found))


def told(attack: str, found: str) -> str:
    """Say what an attack found; give it back."""
    sys.stdout.write(f"{time.strftime('%X')} {attack}: {found or 'nothing'}\n")
    sys.stdout.flush()
    return found


def main() -> int:
    """Zero where nothing was found."""
    with tempfile.TemporaryDirectory(prefix="bailiwick-fuzz-") as folder:
        try:
            found = attacked(int(os.environ.get("FUZZ_SECONDS", "60")), Path(folder))
        finally:
            discard_servers()
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
