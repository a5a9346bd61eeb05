"""The demo at the instant at which it was loaded: its rows, ids and times are the same at every load."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.support.app import Running, running
from tests.support.demo import NOW, Demo, loaded_demo
from tests.support.oracle import Sides
from tests.support.postgres import Server


@pytest.fixture(scope="package")
def demo(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo in a database of its own, which nobody changes."""
    with loaded_demo(server, "operations", tmp_path_factory.mktemp("objects")) as loaded:
        yield loaded


@pytest.fixture(scope="package")
async def asked(demo: Demo) -> AsyncIterator[Running]:
    """The application over the demo, its clock standing still."""
    async with running(demo.database) as app:
        app.clock.now = NOW
        yield app


@pytest.fixture(scope="package")
def sides(asked: Running, demo: Demo) -> Sides:
    """The oracle and the planned answer."""
    return Sides(asked, demo.objects.as_uri())
