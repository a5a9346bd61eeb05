"""A database with tables of its own, and both ways to answers over it."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator

import asyncpg
import pytest
from sqlalchemy import insert
from sqlalchemy.ext.asyncio import create_async_engine

from tenancy.url import DRIVER, connect_arguments
from tests.execution.own.asking import know_types
from tests.execution.own.library import Library
from tests.execution.own.tables import METADATA, ROWS
from tests.support.postgres import RUN, Server


@pytest.fixture(scope="session")
def shelves(server: Server) -> Iterator[str]:
    """The address of a database of authors, books and reviews."""
    name = f"bailiwick_own_{RUN}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    url = server.create(name).administrator_url
    asyncio.run(_fill(url))
    yield url
    server.drop(name)


async def _fill(url: str) -> None:
    engine = create_async_engine(DRIVER, connect_args=connect_arguments(url))
    async with engine.begin() as connection:
        await connection.run_sync(METADATA.create_all)
        for table, rows in ROWS.items():
            await connection.execute(insert(table), [{k: v for k, v in row.items() if k in table.c} for row in rows])
    await engine.dispose()


@pytest.fixture(scope="session")
async def pool(shelves: str) -> AsyncIterator[asyncpg.Pool]:
    """Connections of the driver."""
    async with asyncpg.create_pool(shelves, min_size=1, max_size=3, init=know_types) as connections:
        yield connections


@pytest.fixture
async def library(pool: asyncpg.Pool) -> Library:
    """Nothing is planned yet, and there are no notes."""
    await pool.execute("TRUNCATE note")
    return Library(pool)
