"""Fixtures of the entitlements' tests."""

from collections.abc import AsyncIterator

import pytest

from tenancy.database import Database
from tests.domain.entitlements.holdings import Holdings
from tests.support import postgres


@pytest.fixture(scope="session")
async def pool(database: postgres.Database) -> AsyncIterator[Database]:
    """Connections of the application's role."""
    connected = Database(database.application_url, pool_size=25)
    yield connected
    await connected.close()


@pytest.fixture
async def holdings(pool: Database) -> Holdings:
    """A tenant with its owner, and a service whose channel draws on contracts."""
    return await Holdings(pool).begin()
