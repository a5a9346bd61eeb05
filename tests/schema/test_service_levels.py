"""Calendars and targets are changed by operators; what was promised stays, what was removed stays away (spec 7)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from domain.base import new_id
from domain.records.model import AuditEvent
from domain.support import reference
from domain.support.model import CalendarException, CalendarInterval, SlaPolicy, SupportRegion
from tests.schema.asking import ERRORS, done, invited, made, problems
from tests.support.app import Client, Running
from tests.support.world import World

REGION = """region { businessHours { weekday opensAt closesAt } holidays { onDate name hours { opensAt closesAt } }
  opensAt }"""
HOURS = f"""mutation($key: String!, $input: SupportRegionHoursSetInput!) {{
  supportRegionHoursSet(key: $key, input: $input) {{ {REGION} {ERRORS} }} }}"""
SET = f"""mutation($key: String!, $input: SupportRegionHolidaySetInput!) {{
  supportRegionHolidaySet(key: $key, input: $input) {{ {REGION} {ERRORS} }} }}"""
REMOVE = f"""mutation($key: String!, $input: SupportRegionHolidayRemoveInput!) {{
  supportRegionHolidayRemove(key: $key, input: $input) {{ {REGION} {ERRORS} }} }}"""
POLICIES = "{ slaPolicies { key version targets { severity responseMinutes resolutionMinutes clock } } }"
TARGET = f"""mutation($key: String!, $input: SlaTargetSetInput!) {{
  slaTargetSet(policyKey: $key, input: $input) {{
    policy {{ key version targets {{ severity responseMinutes resolutionMinutes clock }} }} {ERRORS} }} }}"""
CALENDARS = (SupportRegion, CalendarInterval, CalendarException)
OFFICE = [
    {"weekday": "MONDAY", "opensAt": "08:00", "closesAt": "12:00"},
    {"weekday": "MONDAY", "opensAt": "13:00", "closesAt": "24:00"},
]
SUNDAY = datetime(2026, 11, 22, 10, tzinfo=UTC)
MONDAY_MORNING = "2026-11-23T08:00:00+00:00"


@pytest.fixture
async def operator(client: Running, world: World) -> Client:
    """It is a Sunday."""
    client.clock.now = SUNDAY
    return await client.as_("operator@northstar.example")


@pytest.fixture(name="key")
async def _key(client: Running, world: World) -> str:
    async with client.session() as session:
        return (await session.execute(select(SupportRegion.key))).scalar_one()


async def raised(client: Running, world: World, severity: int) -> dict[str, Any]:
    return made(await invited(await client.as_("owner@alder.example"), world, severity=severity))


async def test_SLA_a_regions_week_is_set_as_a_whole(operator: Client, key: str) -> None:
    region = (await done(operator, HOURS, key=key, input={"businessHours": OFFICE}))["region"]
    assert region["businessHours"] == OFFICE
    assert region["opensAt"] == MONDAY_MORNING


async def test_SLA_a_week_without_working_time_is_refused(operator: Client, key: str) -> None:
    payload = await done(operator, HOURS, key=key, input={"businessHours": []})
    assert problems(payload) == [("REQUIRED", "businessHours")]


async def test_SLA_all_that_is_wrong_with_hours_is_told_at_once(operator: Client, key: str) -> None:
    wrong = [
        {"weekday": "MONDAY", "opensAt": "8", "closesAt": "24:01"},
        {"weekday": "FRIDAY", "opensAt": "12:00", "closesAt": "12:00"},
    ]
    assert problems(await done(operator, HOURS, key=key, input={"businessHours": wrong})) == [
        ("OUT_OF_RANGE", "businessHours.0.closesAt"),
        ("OUT_OF_RANGE", "businessHours.0.opensAt"),
        ("OUT_OF_RANGE", "businessHours.1.closesAt"),
    ]


async def test_SLA_a_region_that_there_is_not_is_not_found(operator: Client) -> None:
    payload = await done(operator, HOURS, key="atlantis", input={"businessHours": OFFICE})
    assert problems(payload) == [("NOT_FOUND", "key")]


async def test_SLA_a_holiday_is_set_changed_and_removed(operator: Client, key: str) -> None:
    day = {"onDate": "2026-11-23", "name": "Founders' day"}
    await done(operator, HOURS, key=key, input={"businessHours": OFFICE})
    region = (await done(operator, SET, key=key, input=day))["region"]
    assert region["holidays"][0] == day | {"hours": []}
    assert region["opensAt"] == "2026-11-30T08:00:00+00:00"
    half = day | {"hours": [{"opensAt": "09:00", "closesAt": "10:00"}]}
    assert (await done(operator, SET, key=key, input=half))["region"]["opensAt"] == "2026-11-23T09:00:00+00:00"
    region = (await done(operator, REMOVE, key=key, input={"onDate": "2026-11-23"}))["region"]
    assert region["opensAt"] == MONDAY_MORNING
    assert "Founders' day" not in {each["name"] for each in region["holidays"]}


async def test_SLA_a_region_that_would_not_work_for_a_year_is_refused(
    client: Running, operator: Client, world: World, key: str
) -> None:
    """Nothing would be due there, and no ticket could be raised."""
    await done(operator, HOURS, key=key, input={"businessHours": OFFICE})
    mondays = [date(2026, 11, 23) + timedelta(weeks=week) for week in range(53)]
    async with client.session() as session:
        region = (await session.execute(select(SupportRegion.id))).scalar_one()
        rows = ({"region_id": region, "on_date": day, "name": "Closed", "intervals": []} for day in mondays[:-1])
        await session.execute(insert(CalendarException).values([{"id": new_id(), **row} for row in rows]))
    last = {"onDate": mondays[-1].isoformat(), "name": "Closed"}
    assert problems(await done(operator, SET, key=key, input=last)) == [("OUT_OF_RANGE", "onDate")]
    assert (await raised(client, world, 3))["responseTarget"]["dueAt"] == "2027-11-22T17:00:00+00:00"


async def test_SLA_a_removed_holiday_is_not_there_and_may_be_set_again(operator: Client, key: str) -> None:
    removal: dict[str, Any] = {"key": key, "input": {"onDate": "2099-05-01"}}
    await done(operator, REMOVE, **removal)
    assert problems(await done(operator, REMOVE, **removal)) == [("NOT_FOUND", "onDate")]
    again = (await done(operator, SET, key=key, input={"onDate": "2099-05-01", "name": "May Day"}))["region"]
    assert [each["name"] for each in again["holidays"]] == ["May Day"]


async def test_SLA_a_published_holiday_that_was_removed_is_not_published_again(
    client: Running, operator: Client
) -> None:
    published = [(table, rows) for table, rows in reference.rows() if table in CALENDARS]
    async with client.session() as session:
        await reference.insert_missing(session, published)
    christmas = date(SUNDAY.year, 12, 25)
    await done(operator, REMOVE, key="emea", input={"onDate": christmas.isoformat()})
    async with client.session() as session:
        await reference.insert_missing(session, published)
        region = SupportRegion.id == CalendarException.region_id, SupportRegion.key == "emea"
        kept = select(CalendarException.removed).where(*region, CalendarException.on_date == christmas)
        assert list((await session.execute(kept)).scalars()) == [True]


async def test_SLA_what_was_promised_before_stays(client: Running, operator: Client, world: World, key: str) -> None:
    before = await raised(client, world, 4)
    await done(operator, HOURS, key=key, input={"businessHours": OFFICE})
    after = await raised(client, world, 4)
    due = "query($id: ID!) { ticket(id: $id) { responseTarget { dueAt } } }"
    owner = await client.as_("owner@alder.example")
    found = [
        (await owner.query(due, id=one["id"])).data["ticket"]["responseTarget"]["dueAt"] for one in (before, after)
    ]
    assert found[0] < MONDAY_MORNING < found[1]


async def test_SLA_a_target_is_set_and_the_policys_version_counts_it(
    client: Running, operator: Client, world: World
) -> None:
    [policy] = (await operator.query(POLICIES)).data["slaPolicies"]
    target = {"severity": 5, "responseMinutes": 30, "resolutionMinutes": 300, "clock": "CALENDAR"}
    changed = (await done(operator, TARGET, key=policy["key"], input=target))["policy"]
    assert changed["targets"][0] == target
    assert changed["version"] == policy["version"] + 1
    assert (await raised(client, world, 5))["responseTarget"]["minutes"] == 30


async def test_SLA_all_that_is_wrong_with_a_target_is_told_at_once(
    client: Running, operator: Client, world: World
) -> None:
    async with client.session() as session:
        key = (await session.execute(select(SlaPolicy.key))).scalar_one()
    wrong = {"severity": 6, "responseMinutes": 0, "resolutionMinutes": -1, "clock": "BUSINESS"}
    assert problems(await done(operator, TARGET, key=key, input=wrong)) == [
        ("OUT_OF_RANGE", "resolutionMinutes"),
        ("OUT_OF_RANGE", "responseMinutes"),
        ("OUT_OF_RANGE", "severity"),
    ]


async def test_SLA_changes_are_in_the_audit_log(client: Running, operator: Client, key: str) -> None:
    await done(operator, HOURS, key=key, input={"businessHours": OFFICE})
    async with client.session() as session:
        [event] = (
            await session.execute(select(AuditEvent).where(AuditEvent.object_type == "support_region"))
        ).scalars()
    assert event.action == "support_region.hours_set"
    assert event.after == {"hours": ["0 08:00-12:00", "0 13:00-24:00"]}
