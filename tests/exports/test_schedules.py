"""Schedules of exports: made, changed, run once for each time, stopped with their owner (spec 3, 16; 4.4)."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from sqlalchemy import select, update

from app.worker.export_schedules import run_schedules
from domain.customers.model import ManagementMode, ManagementRelationship
from domain.exports.model import ExportJob
from domain.exports.schedule import ExportSchedule
from domain.exports.scheduling import MOST_OWN
from domain.records.model import AuditEvent
from domain.tenants.model import Membership, User, UserStatus
from execution.ids import decode, encode
from tests.exports.exporting import Exporting
from tests.schema.asking import ERRORS, done
from tests.support.app import Client

OWNER, ADMIN, PARTNER = "owner@alder.example", "service@alder.example", "admin@meridian.example"
SCHEDULE: Final = """exportSchedule {
  id format frequency localTime timeZone weekday dayOfMonth fileName scope search orderBy ownerName nextRunAt version
  lastJob { id status fileName requestedBy } stop { code message stoppedAt }
}"""
CREATE: Final = f"""mutation Create($input: TicketExportScheduleCreateInput!) {{
  ticketExportScheduleCreate(input: $input) {{ {SCHEDULE} {ERRORS} }}
}}"""
UPDATE: Final = f"""mutation Update($id: ID!, $version: Int, $input: TicketExportScheduleUpdateInput!) {{
  ticketExportScheduleUpdate(exportScheduleId: $id, expectedVersion: $version, input: $input) {{ {SCHEDULE} {ERRORS} }}
}}"""
DELETE: Final = f"""mutation Delete($id: ID!, $version: Int) {{
  ticketExportScheduleDelete(exportScheduleId: $id, expectedVersion: $version, input: {{}}) {{ deletedId {ERRORS} }}
}}"""
READ: Final = f"query Read($id: ID!) {{ {SCHEDULE.replace('exportSchedule', 'exportSchedule(id: $id)', 1)} }}"
LIST: Final = "{ exportSchedules(first: 50) { totalCount nodes { id } } }"
MORNING: Final = {"format": "CSV", "frequency": "DAILY", "localTime": "06:30", "timeZone": "Europe/Berlin"}


async def made(who: Client, **given: Any) -> dict[str, Any]:
    """A schedule that nothing was wrong with."""
    payload = await done(who, CREATE, input=MORNING | given)
    assert payload["userErrors"] == []
    return dict(payload["exportSchedule"])


async def read(who: Client, schedule: dict[str, Any]) -> dict[str, Any]:
    return dict((await who.query(READ, id=schedule["id"])).data["exportSchedule"])


async def jobs(exporting: Exporting) -> list[ExportJob]:
    async with exporting.client.session() as session:
        return list((await session.execute(select(ExportJob).order_by(ExportJob.created_at))).scalars())


async def changed(exporting: Exporting, statement: Any) -> None:
    async with exporting.client.session() as session:
        await session.execute(statement)


def due(schedule: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(schedule["nextRunAt"])


async def test_a_schedule_comes_round_and_its_file_is_its_owners(exporting: Exporting) -> None:
    owner = await exporting.client.as_(OWNER)
    schedule = await made(owner, fileName="mornings", search="backup", scope="ORGANIZATION")
    assert (schedule["search"], schedule["scope"], schedule["orderBy"]) == ("backup", "ORGANIZATION", "NEWEST")
    assert (schedule["stop"], schedule["lastJob"], schedule["version"]) == (None, None, 1)
    at = due(schedule)
    assert await run_schedules(exporting.worker, at - timedelta(seconds=1)) == 0
    assert await run_schedules(exporting.worker, at) == 1
    after = await read(owner, schedule)
    assert (due(after), after["version"]) == (at + timedelta(days=1), 1)
    expected = {"status": "QUEUED", "fileName": "mornings.csv", "requestedBy": after["ownerName"]}
    assert after["lastJob"] == expected | {"id": after["lastJob"]["id"]}
    await exporting.work(after["lastJob"]["id"])
    assert (await exporting.read(owner, after["lastJob"]["id"]))["status"] == "READY"


async def test_two_workers_write_one_export_for_one_time_and_one_for_all_that_were_missed(
    exporting: Exporting,
) -> None:
    schedule = await made(await exporting.client.as_(OWNER))
    late = due(schedule) + timedelta(days=9, hours=1)
    ran = await asyncio.gather(*(run_schedules(exporting.worker, late) for _ in range(3)))
    assert sum(ran) == 1
    assert await run_schedules(exporting.worker, late) == 0
    assert len(await jobs(exporting)) == 1
    assert due(await read(await exporting.client.as_(OWNER), schedule)) == due(schedule) + timedelta(days=10)


async def test_an_export_that_still_waits_is_not_followed_by_another(exporting: Exporting) -> None:
    schedule = await made(await exporting.client.as_(OWNER))
    for day in range(2):
        assert await run_schedules(exporting.worker, due(schedule) + timedelta(days=day)) == 1
    assert len(await jobs(exporting)) == 1


async def test_a_file_without_a_name_has_that_of_the_day_in_its_zone(exporting: Exporting) -> None:
    await made(await exporting.client.as_(OWNER), localTime="00:10", timeZone="Asia/Tokyo", format="JSON")
    async with exporting.client.session() as session:
        at = (await session.execute(select(ExportSchedule.next_run_at))).scalar_one()
    assert at is not None
    await run_schedules(exporting.worker, at)
    [job] = await jobs(exporting)
    assert job.file_name == f"tickets-{at + timedelta(hours=9):%Y-%m-%d}.json"


async def test_all_that_is_wrong_with_a_form_is_told_at_once(exporting: Exporting) -> None:
    wrong = {"localTime": "24:00", "timeZone": "Berlin", "frequency": "WEEKLY", "dayOfMonth": 3, "fileName": "a/b"}
    payload = await done(
        await exporting.client.as_(OWNER), CREATE, input=MORNING | wrong | {"filter": {"tenantIds": "x"}}
    )
    assert sorted((error["code"], ".".join(error["field"])) for error in payload["userErrors"]) == [
        ("INVALID_TEXT", "fileName"),
        ("NOT_FOUND", "filter.tenantIds"),
        ("OUT_OF_RANGE", "dayOfMonth"),
        ("OUT_OF_RANGE", "localTime"),
        ("OUT_OF_RANGE", "timeZone"),
        ("REQUIRED", "weekday"),
    ]
    assert payload["exportSchedule"] is None


async def test_a_month_has_days_from_1_to_31(exporting: Exporting) -> None:
    monthly = MORNING | {"frequency": "MONTHLY", "dayOfMonth": 32}
    payload = await done(await exporting.client.as_(OWNER), CREATE, input=monthly)
    assert [(error["code"], error["field"]) for error in payload["userErrors"]] == [("OUT_OF_RANGE", ["dayOfMonth"])]


async def test_there_is_a_number_of_schedules_that_one_may_have(exporting: Exporting) -> None:
    owner = await exporting.client.as_(OWNER)
    for _ in range(MOST_OWN):
        await made(owner)
    payload = await done(owner, CREATE, input=MORNING)
    assert [(error["code"], error["limit"]) for error in payload["userErrors"]] == [("LIMIT_EXCEEDED", MOST_OWN)]


async def test_what_is_changed_counts_and_what_is_not_given_stays(exporting: Exporting) -> None:
    owner = await exporting.client.as_(OWNER)
    schedule = await made(owner, search="backup", filter={"openOnly": True})
    given = {"frequency": "WEEKLY", "weekday": "MONDAY", "orderBy": "DUE_SOONEST"}
    payload = await done(owner, UPDATE, id=schedule["id"], version=1, input=given)
    after = payload["exportSchedule"]
    assert (after["weekday"], after["search"], after["localTime"], after["version"]) == ("MONDAY", "backup", "06:30", 2)
    assert due(after).weekday() == 0
    async with exporting.client.session() as session:
        wanted = (await session.execute(select(ExportSchedule.wanted))).scalar_one()
    assert wanted == {"criteria": {"search": "backup", "open_only": True}, "order": "DUE_SOONEST"}
    payload = await done(owner, UPDATE, id=schedule["id"], version=1, input={"localTime": "07:00"})
    assert [error["code"] for error in payload["userErrors"]] == ["CONFLICT"]


async def test_administrators_see_and_delete_what_they_may_not_change_and_its_exports_stay(
    exporting: Exporting,
) -> None:
    owner, admin = await exporting.client.as_(OWNER), await exporting.client.as_(ADMIN)
    schedule, own = await made(owner), await made(admin)
    await run_schedules(exporting.worker, due(schedule))
    assert (await admin.query(LIST)).data["exportSchedules"]["totalCount"] == 2
    payload = await done(admin, UPDATE, id=schedule["id"], input={"search": "secret"})
    assert [error["code"] for error in payload["userErrors"]] == ["FORBIDDEN"]
    version = (await read(admin, schedule))["version"]
    payload = await done(admin, DELETE, id=schedule["id"], version=version)
    assert (payload["deletedId"], payload["userErrors"]) == (schedule["id"], [])
    assert [node["id"] for node in (await admin.query(LIST)).data["exportSchedules"]["nodes"]] == [own["id"]]
    assert len(await jobs(exporting)) == 2


async def test_strangers_find_nothing(exporting: Exporting) -> None:
    schedule, stranger = await made(await exporting.client.as_(OWNER)), await exporting.client.as_(PARTNER)
    nothing = encode("exportschedule", decode(encode("exportschedule", exporting.world.alder.tenant))[1])
    assert (await stranger.query(LIST)).data["exportSchedules"]["totalCount"] == 0
    for document, more in ((UPDATE, {"input": {"search": "x"}}), (DELETE, {})):
        answers = [await done(stranger, document, id=key, **more) for key in (schedule["id"], nothing)]
        assert answers[0] == answers[1]
        assert [error["code"] for error in answers[0]["userErrors"]] == ["NOT_FOUND"]


@pytest.mark.parametrize("ended", ["account", "role"])
async def test_who_may_export_no_more_has_the_schedule_stopped_and_told(exporting: Exporting, ended: str) -> None:
    owner, admin = await exporting.client.as_(OWNER), await exporting.client.as_(ADMIN)
    schedule, person = await made(admin), User.email == ADMIN
    if ended == "account":
        await changed(exporting, update(User).where(person).values(status=UserStatus.DISABLED))
    else:
        mine = Membership.user_id.in_(select(User.id).where(person))
        await changed(exporting, update(Membership).where(mine).values(role="STANDARD_USER"))
    at = due(schedule)
    assert await run_schedules(exporting.worker, at) == 1
    assert await run_schedules(exporting.worker, at + timedelta(days=1)) == 0
    after = await read(owner, schedule)
    assert (after["stop"]["code"], after["nextRunAt"], after["lastJob"]) == ("FORBIDDEN", None, None)
    assert datetime.fromisoformat(after["stop"]["stoppedAt"]).astimezone(UTC) == at
    async with exporting.client.session() as session:
        told = select(AuditEvent.tenant_id).where(AuditEvent.action == "export_schedule.stop")
        assert exporting.world.alder.tenant in (await session.execute(told)).scalars().all()


async def test_B17_a_schedule_about_customers_that_manage_themselves_now_stops_until_it_is_about_others(
    exporting: Exporting,
) -> None:
    partner, alder = await exporting.client.as_(PARTNER), exporting.world.alder.tenant
    schedule = await made(partner, filter={"tenantIds": [encode("tenant", alder)]})
    everything = await made(partner)
    edge = ManagementRelationship
    taken = update(edge).where(edge.customer_tenant_id == alder).values(mode=ManagementMode.CUSTOMER)
    await changed(exporting, taken)
    assert await run_schedules(exporting.worker, due(schedule)) == 2
    assert (await read(partner, schedule))["stop"]["code"] == "ACCESS_DISABLED"
    assert (await read(partner, everything))["stop"] is None
    payload = await done(partner, UPDATE, id=schedule["id"], input={"filter": None})
    after = payload["exportSchedule"]
    assert (payload["userErrors"], after["stop"]) == ([], None)
    assert after["nextRunAt"] is not None


async def test_what_people_decide_is_in_the_log(exporting: Exporting) -> None:
    owner = await exporting.client.as_(OWNER)
    schedule = await made(owner)
    await done(owner, UPDATE, id=schedule["id"], input={"localTime": "07:00"})
    await done(owner, UPDATE, id=schedule["id"], input={"localTime": "07:00"})
    await done(owner, DELETE, id=schedule["id"])
    async with exporting.client.session() as session:
        noted = select(AuditEvent.action).where(AuditEvent.object_type == "export_schedule")
        actions = (await session.execute(noted.order_by(AuditEvent.id))).scalars().all()
    assert actions == ["export_schedule.create", "export_schedule.update", "export_schedule.delete"]
