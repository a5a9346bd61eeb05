"""The benchmark's database: `python -m bench.database` builds it, keeps it in BENCH_DATA and says where it is.

Rows are made by the SQL in `data/`, on what every installation begins with. At scale 1 there are 20 partners of 250
customers, each with 30 tickets, 4 services and 2 balances; at scale 10 there are ten times the partners. Triggers would
look up row by row what is known here, so they and the plain indexes are off meanwhile; whatever they keep true is
written as they would.
"""

import asyncio
import hashlib
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import asyncpg
from argon2 import PasswordHasher

from app.demo.words import FIRST_NAMES, LAST_NAMES, organization
from app.install import publish
from app.postgres import EmbeddedServer
from bench.phrases import PHRASES, phrases
from domain.entitlements.secrets import ContractSecrets
from tenancy import migrate
from tenancy.roles import APPLICATION, DATABASE, OWNER, create_database
from tests.support.processes import SECRET

PARTNERS, CUSTOMERS = 20, 250
PASSWORD = "everybody knows this one"
DATA = Path(__file__).parent / "data"
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

_BEFORE = """
    CREATE SCHEMA bench;
    CREATE TABLE bench.size (partners bigint, customers bigint, phrases integer, first_names text[], last_names text[],
        password_hash text, contract_hash text, contract_encrypted text);
    CREATE TABLE bench.phrase (kind text, n integer, text text);
    CREATE TABLE bench.name (n bigint, name text);
"""
_INDEXES = """
    SELECT c.relname AS name, pg_get_indexdef(c.oid) AS definition
    FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_class AS t ON t.oid = i.indrelid
    WHERE c.relnamespace = 'public'::regnamespace AND NOT indisunique
    ORDER BY t.relname = 'ticket' DESC, c.relname
"""
_ROOM = {
    "shared_buffers": "'2GB'",  # keys do not come in their order: with less, their pages are written again and again
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "'4GB'",
    "maintenance_work_mem": "'1GB'",
    "checkpoint_timeout": "'30min'",
    "autovacuum": "off",
}
"""What a load wants of the server; some of it counts from the server's next start."""


def folder(scale: int) -> Path | None:
    """Where the database of a scale is kept between runs; None where it is not."""
    kept = os.environ.get("BENCH_DATA")
    return Path(kept).absolute() / f"scale-{scale}" if kept else None


@contextmanager
def database(scale: int) -> Iterator[EmbeddedServer]:
    """The server with the database of a scale, built unless it is there; it is deleted at the end unless it is kept."""
    kept = folder(scale)
    with tempfile.TemporaryDirectory(prefix="bailiwick-bench-") as scratch:
        server = EmbeddedServer((kept or Path(scratch)) / "postgres")
        if not kept or not _is_built(kept):
            server.destroy()
            _build(server.folder, scale)
            (server.folder.parent / "built").write_text(_recipe())
        try:
            with server:
                asyncio.run(migrate.upgraded(server.url(DATABASE, OWNER)))
                yield server
        finally:
            if not kept:
                server.destroy()


def _is_built(kept: Path) -> bool:
    mark = kept / "built"
    return mark.exists() and mark.read_text() == _recipe()


def _recipe() -> str:
    """A word for how it is built: where that has changed it is built anew. Migrations need no new one."""
    parts = [*sorted(DATA.iterdir()), Path(__file__), Path(__file__).with_name("phrases.py")]
    return hashlib.sha256(b"".join(path.read_bytes() for path in parts)).hexdigest()


def _build(place: Path, scale: int) -> None:
    """Make the database in a folder, with a server that is in no hurry to write."""
    with EmbeddedServer(place, durable=False) as server:
        asyncio.run(create_database(server.url("postgres")))
        asyncio.run(migrate.upgraded(server.url(DATABASE, OWNER)))
        asyncio.run(publish(server.url(DATABASE, APPLICATION)))
        build = _Build(server.url(DATABASE), PARTNERS * scale, CUSTOMERS)
        asyncio.run(build.have([f"SET {name} = {value}" for name, value in _ROOM.items()]))
    with EmbeddedServer(place, durable=False):
        asyncio.run(build.run())
        asyncio.run(build.have([f"RESET {name}" for name in _ROOM]))


def _parts(text: str) -> list[str]:
    """A file, or both its halves."""
    return [text.replace(":part", str(part)) for part in range(2)] if ":part" in text else [text]


class _Build:
    """One load, by two connections at a time."""

    def __init__(self, url: str, partners: int, customers: int) -> None:
        self._url = url
        self._partners = partners
        self._customers = customers

    async def run(self) -> None:
        """Make all rows; what is off meanwhile is on again at the end."""
        await self._prepare()
        async with self._without_indexes():
            stages = sorted({path.name.partition("-")[0] for path in DATA.glob("*.sql")})
            for stage in stages:
                texts = [path.read_text() for path in sorted(DATA.glob(f"{stage}-*.sql"))]
                await self._at_once([each for text in texts for each in _parts(text)], stage)
            await self._at_once(["DROP SCHEMA bench CASCADE"], "tools dropped")
        await self._at_once(["VACUUM (ANALYZE)"], "vacuum")

    async def _prepare(self) -> None:
        secrets = ContractSecrets(SECRET)
        hashed = PasswordHasher().hash(PASSWORD)
        contract = (secrets.hash("00000001"), secrets.encrypt("00000001"))
        size = (self._partners, self._customers, PHRASES, list(FIRST_NAMES), list(LAST_NAMES), hashed, *contract)
        names = ((number, organization(number)) for number in range(1, self._partners * self._customers + 1))
        async with self._connection() as connection:
            await connection.execute(_BEFORE)
            await connection.execute("INSERT INTO bench.size VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", *size)
            await connection.copy_records_to_table("phrase", schema_name="bench", records=phrases())
            await connection.copy_records_to_table("name", schema_name="bench", records=names)
            await connection.execute("ANALYZE bench.phrase, bench.name")

    @asynccontextmanager
    async def _without_indexes(self) -> AsyncIterator[None]:
        async with self._connection() as connection:
            indexes = await connection.fetch(_INDEXES)
            for index in indexes:
                await connection.execute(f'DROP INDEX "{index["name"]}"')
        yield
        await self._at_once([index["definition"] for index in indexes], "indexes")

    async def _at_once(self, statements: list[str], what: str) -> None:
        """Run statements, two at a time."""
        began = time.perf_counter()
        waiting = iter(statements)

        async def work() -> None:
            async with self._connection() as connection:
                for statement in waiting:
                    await connection.execute(statement)

        async with asyncio.TaskGroup() as group:
            for _ in range(2):
                group.create_task(work())
        print(f"  {what}: {time.perf_counter() - began:.1f} s", file=sys.stderr, flush=True)

    async def have(self, settings: list[str]) -> None:
        """Have the server's settings as they are written, from its next start."""
        async with self._connection() as connection:
            for setting in settings:
                await connection.execute(f"ALTER SYSTEM {setting}")

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        """A superuser's connection without triggers and without a limit of time."""
        settings: dict[str, Any] = {"session_replication_role": "replica", "jit": "off", "work_mem": "256MB"}
        connection = await asyncpg.connect(self._url, server_settings=settings, command_timeout=None)
        try:
            yield connection
        finally:
            await connection.close()


def main() -> None:
    """Build the database and keep its server up until Ctrl-C."""
    if not os.environ.get("BENCH_DATA"):
        raise SystemExit("BENCH_DATA must name the folder in which the database is kept")
    with database(int(os.environ.get("BENCH_SCALES", "1"))) as server:
        addresses = {
            "DATABASE_URL": server.url(DATABASE, APPLICATION),
            "BAILIWICK_OWNER_DATABASE_URL": server.url(DATABASE, OWNER),
            "BENCH_SUPERUSER_URL": server.url(DATABASE),
            "BAILIWICK_SECRET_KEY": SECRET,
        }
        print(json.dumps(addresses, indent=2), flush=True)
        print(f"admin@partner-1.example, owner@customer-1.example, agent-1@northstar.example: {PASSWORD}", flush=True)
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    main()
