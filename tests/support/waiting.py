"""Waiting for what others do, for as long as it takes: a machine that is busy makes nothing fail."""

import asyncio
from collections.abc import Awaitable, Callable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from tenancy.line import Line

SECONDS = 60.0
WAITS = text("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid)")


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = SECONDS) -> None:
    """Return once it is so."""
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 - others do it, elsewhere
            await asyncio.sleep(0.02)


async def until_closed(line: Line) -> None:
    """Return once the driver knows that the server has ended its connection."""

    async def closed() -> bool:
        return line.driver.is_closed()

    await until(closed)


async def awaited(session: AsyncSession) -> None:
    """Return once somebody waits for what this transaction has locked."""
    while not (await session.execute(WAITS)).scalar():  # noqa: ASYNC110 - the database knows who waits
        await asyncio.sleep(0.01)
