"""Asking for regions of support."""

from typing import Any

from domain.support import queries
from execution.ask import several
from resolvers.context import Info


async def support_regions(info: Info) -> Any:
    """All of them."""
    return await info.context.answer(several(queries.regions, {}))
