"""How Alembic reaches the database: as the owner of the tables, one process at a time."""

import asyncio

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from tenancy.roles import APPLICATION, WORKER
from tenancy.url import DRIVER, connect_arguments

ONE_AT_A_TIME = 0x6261696C6977  # "bailiw": whoever comes second waits, and finds nothing left to do


def run(connection: Connection) -> None:
    """Run the revisions that Alembic has chosen on `connection`."""
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": ONE_AT_A_TIME})
    connection.execute(text("SET lock_timeout = '5s'"))  # a migration never makes the running release wait for long
    connection.commit()
    context.configure(
        connection=connection,
        target_metadata=context.config.attributes.get("metadata"),
        compare_type=True,
        compare_server_default=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
        # The server asks which revision it finds before it serves.
        connection.execute(text(f"GRANT SELECT ON alembic_version TO {APPLICATION}, {WORKER}"))


async def online() -> None:
    """Connect, run, and leave."""
    url = context.config.attributes["url"]
    engine = create_async_engine(DRIVER, poolclass=NullPool, connect_args=connect_arguments(url))
    async with engine.connect() as connection:
        await connection.run_sync(run)
        await connection.commit()
    await engine.dispose()


asyncio.run(online())
