"""What peers make in the benchmark's database, each time anew; it is the owner's, as the tables are."""

import asyncio
from pathlib import Path

import asyncpg

SESSIONS = Path(__file__).with_name("sessions.sql")


def run(url: str, *scripts: Path) -> None:
    """Run scripts as the owner of the tables; `url` is a superuser's."""
    asyncio.run(_run(url, scripts))


async def _run(url: str, scripts: tuple[Path, ...]) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("SET ROLE bailiwick_owner")
        for script in scripts:
            await connection.execute(script.read_text())
    finally:
        await connection.close()
