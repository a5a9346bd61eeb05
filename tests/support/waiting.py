"""Two transactions at once, brought to the point where one of them waits for the other."""

import asyncio

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

WAITS = text("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid)")


async def awaited(session: AsyncSession) -> None:
    """Return once somebody waits for what this transaction has locked."""
    while not (await session.execute(WAITS)).scalar():  # noqa: ASYNC110 - the database knows who waits
        await asyncio.sleep(0.01)
