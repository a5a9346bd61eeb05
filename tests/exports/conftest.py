"""What tests of exports begin with."""

from collections.abc import AsyncIterator

import pytest

from tests.exports.exporting import Exporting, opened
from tests.support.app import Running
from tests.support.world import World


@pytest.fixture
async def exporting(client: Running, world: World) -> AsyncIterator[Exporting]:
    """Everybody, and a worker's way to make files."""
    async for each in opened(client, world):
        yield each
