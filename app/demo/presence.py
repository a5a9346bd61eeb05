"""Whether the demo is there: asked at every start, so the loader is imported only where there is something to load."""

import asyncpg

from tenancy.url import driver_url

IS_LOADED = "SELECT EXISTS (SELECT FROM tenant WHERE kind = 'PLATFORM')"


async def is_loaded(url: str) -> bool:
    """Whether the demo is there, as the application's role sees it: no owner is needed to leave it as it is."""
    connection = await asyncpg.connect(driver_url(url))
    try:
        async with connection.transaction(readonly=True):
            await connection.execute("SELECT set_config('bailiwick.scope', 'worker', true)")
            return bool(await connection.fetchval(IS_LOADED))
    finally:
        await connection.close()
