"""Regions of support: when somebody works there (E17, spec 7)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import update

from domain.support.model import CalendarException, CalendarInterval, SupportRegion
from execution.ids import encode
from tests.schema.asking import AGENT, of
from tests.support import factories as make
from tests.support.app import Running
from tests.support.factories.adding import add
from tests.support.world import World

REGIONS = """{ supportRegions {
  key name timezone countries isDefault opensAt
  businessHours { weekday opensAt closesAt } holidays { onDate name hours { opensAt closesAt } }
} }"""
FRIDAY_AFTERNOON = datetime(2026, 12, 18, 16, 30, tzinfo=UTC)  # half past five in Berlin


async def berlin(client: Running, *intervals: tuple[int, int, int]) -> None:
    """A region that works in these intervals, but not at Christmas, and in the morning of its eve."""
    async with client.session() as session:
        given = {"key": "berlin", "name": "Berlin", "timezone": "Europe/Berlin", "countries": ["DE", "AT"]}
        region = await add(session, SupportRegion, **given)
        for weekday, start, end in intervals:
            interval = {"weekday": weekday, "start_minute": start, "end_minute": end}
            await add(session, CalendarInterval, region_id=region, **interval)
        for day, name, hours in (
            (date(2025, 12, 25), "Christmas of last year", []),
            (date(2026, 12, 25), "Christmas Day", []),
            (date(2026, 12, 24), "Christmas Eve", [[540, 720]]),
        ):
            await add(session, CalendarException, region_id=region, on_date=day, name=name, intervals=hours)


async def region(client: Running, key: str = "berlin") -> dict[str, Any]:
    answer = await (await client.as_("user@alder.example")).query(REGIONS)
    (found,) = [each for each in answer.data["supportRegions"] if each["key"] == key]
    return dict(found)


OFFICE = (0, 540, 1020)
SPLIT = ((4, 480, 720), (4, 780, 1080))


@pytest.fixture
async def client(client: Running) -> Running:
    """It is a Friday afternoon in Advent."""
    client.clock.now = FRIDAY_AFTERNOON
    return client


async def test_E17_a_region_says_where_and_for_whom_it_works(client: Running, world: World) -> None:
    await berlin(client, OFFICE)
    found = await region(client)
    assert {name: found[name] for name in ("name", "timezone", "countries", "isDefault")} == {
        "name": "Berlin",
        "timezone": "Europe/Berlin",
        "countries": ["DE", "AT"],
        "isDefault": False,
    }


async def test_E17_a_day_may_have_several_intervals_and_end_at_midnight(client: Running, world: World) -> None:
    await berlin(client, *reversed(SPLIT), (6, 1200, 1440))
    assert (await region(client))["businessHours"] == [
        {"weekday": "FRIDAY", "opensAt": "08:00", "closesAt": "12:00"},
        {"weekday": "FRIDAY", "opensAt": "13:00", "closesAt": "18:00"},
        {"weekday": "SUNDAY", "opensAt": "20:00", "closesAt": "24:00"},
    ]


async def test_E17_holidays_are_those_of_this_year_and_later(client: Running, world: World) -> None:
    await berlin(client, OFFICE)
    assert (await region(client))["holidays"] == [
        {"onDate": "2026-12-24", "name": "Christmas Eve", "hours": [{"opensAt": "09:00", "closesAt": "12:00"}]},
        {"onDate": "2026-12-25", "name": "Christmas Day", "hours": []},
    ]


@pytest.mark.parametrize(
    ("intervals", "opens"),
    [
        (SPLIT, "2026-12-18T16:30:00+00:00"),
        ((OFFICE,), "2026-12-21T08:00:00+00:00"),
        (((3, 0, 1440),), "2026-12-24T08:00:00+00:00"),
        ((), "2026-12-24T08:00:00+00:00"),
    ],
)
async def test_E17_it_says_when_somebody_works_there_next(
    client: Running, world: World, intervals: tuple[tuple[int, int, int], ...], opens: str
) -> None:
    await berlin(client, *intervals)
    assert datetime.fromisoformat((await region(client))["opensAt"]) == datetime.fromisoformat(opens)


async def test_E17_where_nobody_works_it_never_opens(client: Running, world: World) -> None:
    await berlin(client)
    async with client.session() as session:
        await session.execute(update(CalendarException).values(intervals=[]))
    assert (await region(client))["opensAt"] is None


async def test_E17_a_ticket_says_which_region_looks_after_it(client: Running, world: World) -> None:
    async with client.session() as session:
        ticket = await make.ticket(session, world.alder.tenant, **make.promises(world.catalogue.region))
    document = "query($id: ID!) { ticket(id: $id) { supportRegion { timezone isDefault } } }"
    agent = await client.as_(AGENT)
    found = (await agent.query(document, id=encode("ticket", ticket))).data["ticket"]["supportRegion"]
    assert found == {"timezone": "UTC", "isDefault": True}
    assert (await agent.query(document, id=of(world))).data["ticket"]["supportRegion"] is None
