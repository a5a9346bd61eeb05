"""The demo, loaded once for the tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.support.demo import Demo, copy_of, loaded_demo
from tests.support.postgres import Server


@pytest.fixture(scope="package")
def demo(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo in a database of its own, which nobody changes."""
    with loaded_demo(server, "demo", tmp_path_factory.mktemp("objects")) as loaded:
        yield loaded


@pytest.fixture(scope="package")
def larger(demo: Demo, server: Server) -> Iterator[Demo]:
    """A copy of it with a larger set beside it."""
    with copy_of(demo, server) as copied:
        copied.load(partners=2, customers=12)
        yield copied
