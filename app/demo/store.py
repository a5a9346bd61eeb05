"""Getting rows into PostgreSQL fast, all or nothing.

COPY does not work on tables whose row-level security is forced, the tables' triggers would look up for each row what
the loader knows already, and checking keys and keeping indexes row by row costs more than the rows. So one transaction
takes these things off, copies, and puts them back as they were: keys are then checked by the database over all rows at
once. DDL is transactional: whatever goes wrong, nothing of it has happened, and nobody else
reads meanwhile.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
import orjson

from app.demo.sheets import Batch

_CONSTRAINTS = """
    SELECT conrelid::regclass::text AS owner, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
    FROM pg_constraint WHERE contype IN ('f', 'p', 'u') AND connamespace = current_schema()::regnamespace
    ORDER BY contype, oid
"""
# Partial indexes stay: they are small, and what PostgreSQL says of their conditions is not what it was told.
_INDEXES = """
    SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
    FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE relnamespace = current_schema()::regnamespace AND indpred IS NULL AND NOT EXISTS (
        SELECT FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x'))
    ORDER BY indexrelid
"""
# They look nothing up, and nobody else makes words as they do: they stay.
_SEARCH = "ALTER TABLE ticket ENABLE TRIGGER stamp_search_text, ENABLE TRIGGER stamp_new_ticket_words"
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('bailiwick demo data'))"


class Store:
    """A transaction that takes rows in bulk."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        self.connection = connection
        self.rows = 0

    async def copy(self, batch: Batch) -> None:
        """Write the rows of `batch`, in whatever order its tables come."""
        for table, columns, rows in batch.tables():
            await self.connection.copy_records_to_table(table, records=rows, columns=columns)
        self.rows += len(batch)


@asynccontextmanager
async def bulk_loading(url: str, tables: list[str]) -> AsyncIterator[Store]:
    """A transaction of the owner at `url`, one at a time, in which `tables` take COPY; after it statistics are new."""
    connection = await asyncpg.connect(url)
    try:
        await connection.set_type_codec("jsonb", schema="pg_catalog", format="binary", encoder=_pack, decoder=_unpack)
        async with connection.transaction():
            await connection.execute(_LOCK)
            await connection.execute("SELECT set_config('bailiwick.scope', 'worker', true)")
            async with _bare(connection, tables):
                yield Store(connection)
    finally:
        await connection.close()
    await asyncio.gather(*(_analyze(url, tables[place::2]) for place in range(2)))


async def _analyze(url: str, tables: list[str]) -> None:
    """Renew the statistics of some tables; it takes a processor, so there are two at work."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f"ANALYZE {', '.join(tables)}")
    finally:
        await connection.close()


@asynccontextmanager
async def _bare(connection: "asyncpg.Connection[asyncpg.Record]", tables: list[str]) -> AsyncIterator[None]:
    """Tables without policies, triggers, keys and indexes; all is put back at the end, foreign keys last."""
    keys, indexes = await connection.fetch(_CONSTRAINTS), await connection.fetch(_INDEXES)
    off = [f"ALTER TABLE {key['owner']} DROP CONSTRAINT {key['name']}" for key in keys]
    off += [f"DROP INDEX {index['name']}" for index in indexes]
    off += [f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY, DISABLE TRIGGER USER" for table in tables]
    await connection.execute(";".join([*off, _SEARCH]))
    yield
    on = [index["definition"] for index in indexes]
    on += [f"ALTER TABLE {key['owner']} ADD CONSTRAINT {key['name']} {key['definition']}" for key in reversed(keys)]
    on += [f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY, ENABLE TRIGGER USER" for table in tables]
    await connection.execute(";".join(on))


def _pack(value: object) -> bytes:
    """JSON as COPY's binary format has it: the version of the format, then the text."""
    return b"\x01" + orjson.dumps(value)


def _unpack(packed: bytes) -> object:
    value: object = orjson.loads(packed[1:])
    return value
