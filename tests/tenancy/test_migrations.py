"""The migrations lead to the very tables that the models describe, and back."""

import asyncio
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from domain.tables import METADATA
from tenancy.migrate import current, downgrade, head, upgrade
from tenancy.url import DRIVER, connect_arguments
from tests.support.postgres import Database, Server
from tests.support.snapshots import STAMPED


@pytest.fixture
def scratch(server: Server, database: Database) -> Database:
    """An empty database beside the worker's own."""
    return server.create(f"{database.name}_scratch")


def has_model(_object: Any, name: str | None, kind: str, *_: Any) -> bool:
    return kind != "table" or name not in STAMPED


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": has_model})
    return list(compare_metadata(context, METADATA))


async def test_the_tables_are_those_of_the_models(database: Database) -> None:
    engine = create_async_engine(DRIVER, connect_args=connect_arguments(database.owner_url))
    async with engine.connect() as connection:
        found = await connection.run_sync(differences)
    await engine.dispose()
    assert found == []


def test_up_down_and_up_again(scratch: Database) -> None:
    upgrade(scratch.owner_url)
    downgrade(scratch.owner_url)
    assert asyncio.run(current(scratch.owner_url)) is None
    upgrade(scratch.owner_url)
    assert asyncio.run(current(scratch.owner_url)) == head()
