"""Two served processes over one database, with everybody in it, and people who are signed in."""

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.support.app import Running, running
from tests.support.postgres import Database, Server, migrated_database
from tests.support.processes import Served, environment, serving
from tests.support.world import World, world

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


@dataclass(frozen=True, slots=True)
class People:
    """Everybody; `client` signs them in, and changes rows beside the processes that are served."""

    client: Running
    world: World

    async def token(self, email: str) -> str:
        """The token of somebody who is signed in."""
        return (await self.client.as_(email)).token or ""


@dataclass(frozen=True, slots=True)
class Platform(People):
    """`url` and `other` are two processes."""

    url: str
    other: str


@pytest.fixture(scope="session")
def addresses(server: Server) -> Iterator[Database]:
    """A database for these tests alone."""
    with migrated_database(server, f"live_{WORKER}") as database:
        yield database


def metric(url: str, name: str) -> float:
    """The value of a metric."""
    lines = httpx.get(f"{url}/metrics").text.splitlines()
    return float(next(line.split()[1] for line in lines if line.startswith(f"bailiwick_live_{name} ")))


@contextmanager
def process(folder: Path, database: Database, **settings: str) -> Iterator[Served]:
    """A server over the database, for a block."""
    env = environment(folder, DATABASE_URL=database.application_url, **settings)
    with serving(env, "app.main:create", folder / "log") as served:
        yield served


@pytest.fixture(scope="session")
def two(addresses: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Served]]:
    """Two servers."""
    folders = tmp_path_factory.mktemp("one"), tmp_path_factory.mktemp("two")
    with process(folders[0], addresses) as one, process(folders[1], addresses) as other:
        yield one, other


@pytest.fixture(scope="session")
async def beside(addresses: Database) -> AsyncIterator[Running]:
    """The application once more, in this process: to sign people in, and to reach the rows."""
    async with running(addresses) as app:
        yield app


@pytest.fixture
async def people(beside: Running) -> People:
    """Everybody, in a database of which nothing else is known."""
    await beside.clean()
    return People(beside, await beside.load("live_world", world))


@pytest.fixture
def platform(people: People, two: tuple[Served, Served]) -> Platform:
    """Everybody, and the servers."""
    return Platform(people.client, people.world, two[0].url, two[1].url)
