"""Real workers and exports: a file is made once, whatever ends them (spec 3, 16)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest
from sqlalchemy import func, select, text

from domain.exports.model import ExportJob, ExportStatus
from domain.exports.schedule import ExportSchedule
from domain.records.model import AuditEvent
from tests.exports.exporting import Exporting
from tests.schema.asking import key
from tests.support import factories as make
from tests.support.processes import environment
from tests.support.waiting import until
from tests.support.workers import working

pytestmark = pytest.mark.thorough


async def test_a_worker_killed_in_the_middle_is_taken_over_and_there_is_one_file(
    exporting: Exporting, tmp_path: Path
) -> None:
    owner = await exporting.client.as_("owner@alder.example")
    job = await exporting.asked(owner, format="JSON")

    async def status() -> ExportStatus:
        async with exporting.client.session() as session:
            return (await session.get_one(ExportJob, key(job))).status

    async def under_way() -> bool:
        return await status() is ExportStatus.RUNNING

    async def over() -> bool:
        return await status() is ExportStatus.READY

    stored, database = Path(exporting.client.objects).as_uri(), exporting.client.addresses.worker_url
    settings = {"DATABASE_URL": database, "BAILIWICK_OBJECT_STORE_URL": stored, "BAILIWICK_WORKER_HEARTBEAT": "1"}
    env, log = environment(tmp_path, **settings), tmp_path / "log"
    async with exporting.client.session() as session:
        await session.execute(text("LOCK TABLE ticket"))  # it gets no row, and no further
        with working(env, log) as first:
            await until(under_way)
            first.kill()
            first.wait()
    assert await under_way()
    assert await exporting.objects() == []
    with working(env, log), working(env, log):
        await until(over)
    made = await exporting.read(owner, job)
    assert made["rowCount"] == 1
    assert len(await exporting.objects()) == 1
    assert len(orjson.loads((await exporting.got(made)).content)) == 1
    async with exporting.client.session() as session:
        finished = select(func.count()).where(AuditEvent.action == "export_job.finish")
        assert (await session.execute(finished)).scalar_one() == 1


async def test_two_workers_write_one_export_for_one_time(exporting: Exporting, tmp_path: Path) -> None:
    world = exporting.world
    now = datetime.now(UTC)
    async with exporting.client.session() as session:
        past = {"created_at": now - timedelta(days=3), "next_run_at": now - timedelta(days=2)}
        schedule_id = await make.export_schedule(session, world.alder.tenant, world.alder.owner, **past)

    async def moved() -> bool:
        async with exporting.client.session() as session:
            schedule = await session.get_one(ExportSchedule, schedule_id)
            return schedule.next_run_at is not None and schedule.next_run_at > now

    stored, database = Path(exporting.client.objects).as_uri(), exporting.client.addresses.worker_url
    env = environment(tmp_path, DATABASE_URL=database, BAILIWICK_OBJECT_STORE_URL=stored)
    with working(env, tmp_path / "one"), working(env, tmp_path / "two"):
        await until(moved, 90)
    async with exporting.client.session() as session:
        written = select(func.count()).select_from(ExportJob)
        assert (await session.execute(written)).scalar_one() == 1
