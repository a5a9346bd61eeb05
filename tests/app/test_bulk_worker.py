"""Real workers and bulk operations: nothing is done twice or left out, whatever ends them (AMB-9)."""

import asyncio
import subprocess
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from domain.bulk.changes import Change, TicketBulkAction
from domain.bulk.model import BulkOperation, BulkOperationStatus
from domain.records.model import AuditEvent
from domain.tickets.model import Ticket
from execution.ids import encode
from tests.support import factories as make
from tests.support import workers
from tests.support.app import Running
from tests.support.processes import environment
from tests.support.waiting import until
from tests.support.world import World

pytestmark = pytest.mark.thorough
TICKETS = 120


def working(client: Running, folder: Path) -> AbstractContextManager["subprocess.Popen[bytes]"]:
    """A worker's process for a block; it has no mail server to wait for."""
    env = environment(folder, DATABASE_URL=client.addresses.worker_url, BAILIWICK_WORKER_HEARTBEAT="1")
    return workers.working(env, folder / "log")


@pytest.fixture
async def operation(client: Running, world: World) -> UUID:
    """Many tickets are to be as bad as can be."""
    alder, platform = world.alder, world.platform
    async with client.session() as session:
        keys = [await make.ticket(session, alder.tenant, alder.user, world.catalogue.backup) for _ in range(TICKETS)]
        change = Change(TicketBulkAction.SET_SEVERITY, severity=5).stored()
        return await make.bulk_operation(session, platform.tenant, platform.agent, keys, change=change)


async def operation_of(client: Running, key: UUID) -> BulkOperation:
    async with client.session() as session:
        return await session.get_one(BulkOperation, key)


async def changes(client: Running) -> dict[UUID | None, int]:
    """How often each ticket was changed, by the platform's log."""
    once = AuditEvent.tenant_id == AuditEvent.acting_tenant_id
    counted = select(AuditEvent.object_id, func.count()).where(AuditEvent.action == "ticket.severity_set", once)
    async with client.session() as session:
        return {row[0]: row[1] for row in await session.execute(counted.group_by(AuditEvent.object_id))}


async def test_a_worker_killed_in_the_middle_is_taken_over_and_nothing_is_done_twice(
    client: Running, operation: UUID, tmp_path: Path
) -> None:
    async def under_way() -> bool:
        return (await operation_of(client, operation)).succeeded >= TICKETS // 10

    async def over() -> bool:
        return (await operation_of(client, operation)).status is BulkOperationStatus.COMPLETED

    with working(client, tmp_path) as first:
        await until(under_way)
        first.kill()
        first.wait()
    assert (await operation_of(client, operation)).status is BulkOperationStatus.RUNNING
    with working(client, tmp_path), working(client, tmp_path):
        await until(over)
    assert (await operation_of(client, operation)).succeeded == TICKETS
    assert sorted((await changes(client)).values()) == [1] * TICKETS
    async with client.session() as session:
        changed = select(func.count()).where(Ticket.severity == 5, Ticket.version == 2)
        assert (await session.execute(changed)).scalar_one() == TICKETS


async def test_AMB9_it_can_be_called_off_while_it_runs(client: Running, operation: UUID, tmp_path: Path) -> None:
    agent = await client.as_("agent@northstar.example")
    cancel = """mutation ($id: ID!) { bulkOperationCancel(bulkOperationId: $id, input: {}) {
      bulkOperation { status total succeeded cancelled pending } userErrors { code }
    } }"""

    async def under_way() -> bool:
        return (await operation_of(client, operation)).succeeded > 0

    with working(client, tmp_path):
        await until(under_way)
        payload: Any = (await agent.query(cancel, id=encode("bulk", operation))).data["bulkOperationCancel"]
        assert payload["userErrors"] == []
        await asyncio.sleep(0.5)
    stopped = payload["bulkOperation"]
    assert (stopped["status"], stopped["pending"]) == ("CANCELLED", 0)
    assert stopped["succeeded"] + stopped["cancelled"] == TICKETS
    assert len(await changes(client)) == stopped["succeeded"] < TICKETS
