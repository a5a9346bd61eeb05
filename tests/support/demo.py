"""The demo data in a database of its own, loaded at a known instant."""

import asyncio
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg

from app.demo.loading import Loaded, load
from app.provision import Addresses
from domain.tables import METADATA
from tests.support.postgres import Database, Server, copied_database, migrated, run_folder, template

NOW = datetime(2026, 5, 20, 9, 30, tzinfo=UTC)
KEY = "the secret key of the demo's tests"
# Encryption never gives the same twice.
FRESH_EACH_TIME = {"contract_id_encrypted", "token_encrypted", "secret_encrypted"}


@dataclass(frozen=True, slots=True)
class Demo:
    """A database with the demo, and the folder of its files."""

    database: Database
    objects: Path

    def load(self, **larger: int) -> Loaded:
        """Load it, as `make serve` and `bailiwick demo` do."""
        addresses = Addresses(self.database.application_url, self.database.owner_url, self.database.worker_url)
        return asyncio.run(load(addresses, now=NOW, key=KEY, objects_url=self.objects.as_uri(), **larger))

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a superuser reads."""
        return [tuple(row) for row in asyncio.run(self._fetch(statement, *values))]

    def value(self, statement: str, *values: Any) -> Any:
        """The only value of the only row."""
        [[value]] = self.rows(statement, *values)
        return value

    def fingerprints(self) -> dict[str, tuple[int, str | None]]:
        """For each table its number of rows, and one word for what is in them."""
        names = [table.name for table in METADATA.sorted_tables]
        read = " UNION ALL ".join(f"SELECT '{name}', of.* FROM ({fingerprint(name)}) AS of" for name in names)
        return {name: (count, word) for name, count, word in self.rows(read)}

    async def _fetch(self, statement: str, *values: Any) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.database.administrator_url)
        try:
            return await connection.fetch(statement, *values)
        finally:
            await connection.close()


def fingerprint(table: str) -> str:
    """A query for the number of rows and one word for what is in them."""
    kept = [c.name for c in METADATA.tables[table].columns if c.name not in FRESH_EACH_TIME]
    row = f"md5(ROW({', '.join(kept)})::text)"
    return f"SELECT count(*), md5(string_agg({row}, '' ORDER BY {row})) FROM {table}"


@contextmanager
def loaded_demo(server: Server, name: str, objects: Path) -> Iterator[Demo]:
    """The demo in a database of its own: a copy of what the run has loaded once."""
    originals = run_folder() / "demo"
    template_name = template(server, "demo", migrated(server), lambda made: Demo(made, originals).load())
    shutil.copytree(originals, objects, dirs_exist_ok=True)
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with copied_database(server, f"{worker}_{name}", template_name) as database:
        yield Demo(database, objects)


@contextmanager
def copy_of(demo: Demo, server: Server) -> Iterator[Demo]:
    """A copy that may be changed."""
    name = f"{demo.database.name}_copy"
    try:
        yield Demo(server.create(name, demo.database.name), demo.objects)
    finally:
        server.drop(name)
