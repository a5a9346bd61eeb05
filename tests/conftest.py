"""Fixtures of all tests: one server per run, one migrated database per worker."""

import gc
import os
from collections.abc import AsyncIterator, Iterator
from functools import partial

import pytest

from tests.support.app import Running, running
from tests.support.postgres import Database, Server, discard_servers, migrated_database, running_server
from tests.support.world import Twin, World, twins, world


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """PostgreSQL, shared by the workers of this run."""
    with running_server() as running:
        yield running


@pytest.fixture(scope="session")
def database(server: Server) -> Iterator[Database]:
    """A database of the newest schema, for this worker alone."""
    with migrated_database(server, os.environ.get("PYTEST_XDIST_WORKER", "main")) as migrated:
        yield migrated


@pytest.fixture(scope="session")
async def served(database: Database) -> AsyncIterator[Running]:
    """The application of this worker; ask `client` for it, whose database is empty."""
    async with running(database) as app:
        yield app


@pytest.fixture
async def client(served: Running) -> Running:
    """The application over an empty database: `(await client.as_("owner@alder.example")).query(...)`."""
    await served.clean()
    return served


@pytest.fixture(name="world")
async def _world(client: Running) -> World:
    """Everybody, in the database of `client`."""
    return await client.load("world", world)


@pytest.fixture(name="twins")
async def _twins(client: Running, world: World) -> tuple[Twin, Twin]:
    """Two partners that share nothing, beside the world."""
    return await client.load("twins", partial(twins, offered=world.catalogue))


def pytest_collection_finish() -> None:
    """What has been imported is never garbage: a tenth of the tests' time goes on looking through it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Throw the server away when the last worker is done."""
    if not hasattr(session.config, "workerinput"):
        discard_servers()
