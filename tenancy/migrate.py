"""Migrations: the schema of the database, one revision after another, up and down.

Addresses are those of the role that owns the tables. Alembic is imported only where there is something to do:
a server that starts on a current schema asks one question of the database and none of Alembic.
"""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg

from tenancy.url import driver_url

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent / "migrations"
_REVISION = re.compile(r"^(down_revision|revision)\b[^=]*=\s*(?:\"(\w+)\"|'(\w+)'|None)", re.MULTILINE)


def head() -> str | None:
    """The newest revision that this program knows; None where there is no migration."""
    revisions: set[str] = set()
    followed: set[str] = set()
    for path in (FOLDER / "versions").glob("*.py"):
        for name, *quoted in _REVISION.findall(path.read_text()):
            (revisions if name == "revision" else followed).add("".join(quoted))
    heads = revisions - followed
    if len(heads) > 1:
        raise RuntimeError(f"several migrations come last: {', '.join(sorted(heads))}")
    return heads.pop() if heads else None


async def current(url: str) -> str | None:
    """The revision of the database; None where no migration has run."""
    connection = await asyncpg.connect(driver_url(url))
    try:
        if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
            return None
        revision: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
    finally:
        await connection.close()
    return revision


def upgrade(url: str, revision: str = "head") -> None:
    """Bring the database to `revision`, by default the newest. Inside an event loop: see `upgraded`."""
    from alembic import command  # noqa: PLC0415 - see above

    _run(command.upgrade, url, revision)


def downgrade(url: str, revision: str = "base") -> None:
    """Take the database back to `revision`, by default to nothing at all; not inside an event loop."""
    from alembic import command  # noqa: PLC0415 - see above

    _run(command.downgrade, url, revision)


async def upgraded(url: str) -> bool:
    """Bring the database to the newest revision, if it is not there yet; whether there was anything to do."""
    if await current(url) == head():
        return False
    await asyncio.to_thread(upgrade, url)
    return True


def configuration(url: str) -> "Config":
    """Alembic's configuration, made here so that no file holds an address."""
    from alembic.config import Config  # noqa: PLC0415 - see above

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["url"] = url
    return config


def _run(command: Callable[["Config", str], None], url: str, revision: str) -> None:
    command(configuration(url), revision)
