"""A whole installation of one's own, of which every part can be killed: PostgreSQL, servers, workers, a mail server.

These tests take minutes, and some look at the clock: `make faults` runs them, `make test` does not.
"""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from app.postgres import EmbeddedServer
from tenancy.migrate import upgrade
from tests.faults.installation import Installation
from tests.support.app import running
from tests.support.postbox import postbox
from tests.support.postgres import Database, Server
from tests.support.world import world


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """They run when they are asked for by name."""
    return None if any("faults" in argument for argument in config.args) else True


@pytest.fixture(scope="session", name="postgres")
def _postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    """A server that keeps what it has acknowledged, as a real one does."""
    server = EmbeddedServer(tmp_path_factory.mktemp("postgres"))
    server.start()
    yield server
    server.stop()
    server.destroy()


@pytest.fixture(scope="session", name="addresses")
def _addresses(postgres: EmbeddedServer) -> Database:
    """A migrated database in it."""
    database = Server(postgres.url("postgres"), embedded=True).create("faults")
    upgrade(database.owner_url)
    return database


@pytest.fixture(name="installation")
async def _installation(postgres: EmbeddedServer, addresses: Database, tmp_path: Path) -> AsyncIterator[Installation]:
    """Everybody in an empty installation, with nothing running yet but PostgreSQL."""
    async with running(addresses) as client:
        await client.clean()
        async with client.session() as session:
            everybody = await world(session)
        with postbox() as box:
            made = Installation(postgres, client, everybody, box, tmp_path)
            yield made
            made.stop()
