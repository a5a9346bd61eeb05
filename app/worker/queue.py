"""The job queue: PgQueuer in a schema of its own (docs/adr/0012), and jobs written into it with what they are for."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

import asyncpg
from pgqueuer.adapters.persistence.qb import (
    QueryBuilderEnvironment,
    QueryQueueBuilder,
    QuerySchedulerBuilder,
)
from pgqueuer.applications import PgQueuer
from pgqueuer.db import AsyncpgDriver, AsyncpgPoolDriver
from pgqueuer.domain.settings import DBSettings, Durability
from pgqueuer.ports.driver import Driver
from pgqueuer.queries import Queries
from pgqueuer.types import Channel

if TYPE_CHECKING:
    from asyncpg.pool import PoolConnectionProxy

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]"
Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
CHANNEL: Final = Channel("bailiwick_jobs")
# All of them: what is not given it would look for in the environment, under names as common as FUNCTION.
SETTINGS: Final = DBSettings(
    prefix="",
    db_schema="queue",
    channel=CHANNEL,
    function="fn_pgqueuer_changed",
    statistics_table="pgqueuer_statistics",
    queue_status_type="pgqueuer_status",
    queue_table="pgqueuer",
    queue_table_log="pgqueuer_log",
    trigger="tg_pgqueuer_changed",
    schedules_table="pgqueuer_schedules",
    durability=Durability.durable,
    widen_id=False,
)
DELIVER: Final = "deliver_mail"


def queue_of(pool: Pool) -> PgQueuer:
    """The queue, for a worker to run."""
    driver = AsyncpgPoolDriver(pool)
    return PgQueuer(connection=driver, channel=CHANNEL, queries=_queries(driver))


async def enqueue(connection: Connection, entrypoint: str, keys: Sequence[bytes]) -> None:
    """One job for each key, in the transaction of `connection`; none where there is one already."""
    if keys:
        driver = AsyncpgDriver(connection)  # type: ignore[arg-type]  # a pool's proxy is as good
        await _queries(driver).enqueue(
            [entrypoint] * len(keys),
            list(keys),
            [0] * len(keys),
            dedupe_key=[f"{entrypoint}:{key.hex()}" for key in keys],
            on_conflict="skip",
        )


def _queries(driver: Driver) -> Queries:
    return Queries(
        driver,
        qbe=QueryBuilderEnvironment(SETTINGS),
        qbq=QueryQueueBuilder(SETTINGS),
        qbs=QuerySchedulerBuilder(SETTINGS),
    )
