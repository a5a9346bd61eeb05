"""What is attacked: Alder & Finch with everything in it, and strangers beside it."""

import pytest

from tests.bad_input.scene import Scene, staged
from tests.support.app import Running


@pytest.fixture
async def scene(client: Running) -> Scene:
    """Alder's ticket, account, contract and link; two partners that have nothing to do with it; everybody signs in."""
    return await staged(client)
