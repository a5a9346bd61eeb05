"""K4 Whatever is asked finds its rows by an index: what a request costs does not grow with the rows of others.

PostgreSQL tells the plan of every statement, those within triggers, too, while it reads no whole table but where it
knows no other way. Row-level security brings such ways about easily: a condition on a key that is not a plain value
does not count as safe.
"""

import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import asyncpg
import pytest

from domain.tables import METADATA
from tests.authz.ground import laid
from tests.authz.test_matrix import ALLOWED, DOCUMENTS, MATRIX, ROLES
from tests.support.app import Running, running
from tests.support.postgres import Database, Server

TOLD = {
    "session_preload_libraries": "'auto_explain'",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_nested_statements": "on",
    "auto_explain.log_level": "'notice'",
    "client_min_messages": "'notice'",
    "enable_seqscan": "off",
}
FEW = {
    "agreement",
    "calendar_exception",
    "calendar_interval",
    "service",
    "signing_key",
    "sla_policy",
    "sla_target",
    "support_channel",
    "support_region",
}
"""Tables whose rows are the platform's own, however many customers there are."""
GROWING = set(METADATA.tables) - FEW
SIGNED_IN = [role for role in ROLES if role != "anonymous"]
WHOLE = re.compile(r"Seq Scan on (\w+)")


@asynccontextmanager
async def told(server: Server, database: Database) -> AsyncIterator[None]:
    """New connections to the database hear the plans of what they run."""
    for name, value in TOLD.items():
        await server._execute(f'ALTER DATABASE "{database.name}" SET {name} = {value}')
    try:
        yield
    finally:
        await server._execute(f'ALTER DATABASE "{database.name}" RESET ALL')


@contextmanager
def plans() -> Iterator[list[str]]:
    """What the driver's connections are told."""
    heard: list[str] = []

    def hear(_connection: Any, fields: dict[str, str], _last_query: str) -> None:
        heard.append(fields["M"])

    with pytest.MonkeyPatch.context() as patching:
        patching.setattr(asyncpg.Connection, "_process_log_message", hear)
        yield heard


def whole(heard: list[str]) -> set[str]:
    """Which tables were read from one end to the other, and by what."""
    return {
        f"{table}: {plan}"
        for plan in heard
        for table, around in scans(plan)
        if table in GROWING and not asked(plan, around)
    }


def scans(plan: str) -> Iterator[tuple[str, list[str]]]:
    """Each scan of a whole table, with the nodes around it."""
    around: list[tuple[int, str]] = []
    for line in plan.splitlines():
        depth = len(line) - len(line.lstrip())
        around = [node for node in around if node[0] < depth]
        if found := WHOLE.search(line):
            yield found[1], [node for _, node in around]
        around.append((depth, line.strip()))


def asked(plan: str, around: list[str]) -> bool:
    """Whether it is one of two ways to ask whether there is a row, and the tables are small enough for this one."""
    return any(node.startswith("SubPlan") and f"hashed {node}" in plan for node in around)


async def test_K4_nothing_that_may_be_asked_reads_a_whole_table(
    client: Running, server: Server, database: Database
) -> None:
    found: dict[str, set[str]] = {}
    async with told(server, database), running(database) as explained:
        for field, answers in MATRIX.items():
            role = next(role for role in SIGNED_IN if answers[role] in ALLOWED)
            await client.clean()
            world, ground = await laid(client)
            asker = await ROLES[role](explained, world, ground)
            with plans() as heard:
                await asker.query(DOCUMENTS[field], **ground.values_for(DOCUMENTS[field]))
            assert heard, field
            if tables := whole(heard):
                found[field] = tables
    assert found == {}
