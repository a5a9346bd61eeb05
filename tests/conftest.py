"""Fixtures of all tests: one server per run, one migrated database per worker."""

import os
from collections.abc import Iterator

import pytest

from tests.support.postgres import Database, Server, discard_servers, migrated_database, running_server


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


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Throw the server away when the last worker is done."""
    if not hasattr(session.config, "workerinput"):
        discard_servers()
