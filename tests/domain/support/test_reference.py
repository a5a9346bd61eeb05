"""What is published before anybody uses the platform (spec 7, D9), and the regions that look after tickets."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select

from domain.services.catalogue import rows as services
from domain.services.model import Service
from domain.support.calendars import calendar_of, calendars
from domain.support.model import Agreement, SlaTarget, SupportChannel, SupportRegion
from domain.support.reference import insert_missing, rows
from domain.support.working_time import CalendarNeverOpenError, add_business
from domain.tenants.model import Tenant
from domain.tickets.model import Ticket
from execution.ids import decode, encode
from tests.schema.asking import CREATE, done, made
from tests.support import factories as make
from tests.support.app import Running
from tests.support.world import Catalogue, alder, partner


async def publish(client: Running) -> None:
    async with client.session() as session:
        await insert_missing(session, [*rows(), services()])


async def test_E17_regions_targets_channels_agreements_and_services_are_there_once(client: Running) -> None:
    for _ in range(2):
        await publish(client)
    async with client.session() as session:
        tables = (SupportRegion, SlaTarget, SupportChannel, Agreement, Service)
        counts = [(await session.execute(select(func.count()).select_from(table))).scalar_one() for table in tables]
        found = select(func.count()).where(SupportRegion.is_default)
        assert (await session.execute(found)).scalar_one() == 1
    assert counts == [3, 5, 5, 4, 12]


async def test_E17_a_regions_calendar_is_read_as_it_was_written(client: Running) -> None:
    await publish(client)
    async with client.session() as session:
        calendar = calendars()
        key = select(SupportRegion.id).where(SupportRegion.key == "emea").scalar_subquery()
        text = (await session.execute(select(calendar.c.calendar).where(calendar.c.region_id == key))).scalar_one()
    emea = calendar_of(text)
    assert emea.tz == "Europe/Berlin"
    assert emea.weekly[0] == ((480, 720), (780, 1080))
    assert 6 not in emea.weekly
    assert emea.exceptions[date(2026, 12, 25)] == ()
    assert calendar_of(text) is emea


def test_E17_a_region_without_hours_never_opens() -> None:
    calendar = calendar_of('{"tz": "UTC", "weekly": null, "exceptions": null}')
    with pytest.raises(CalendarNeverOpenError):
        add_business(datetime(2026, 1, 1, tzinfo=UTC), 1, calendar)


async def test_E17_a_ticket_is_looked_after_by_its_tenants_region_else_its_countrys_else_the_default(
    client: Running,
) -> None:
    await publish(client)
    async with client.session() as session:
        found_regions = await session.execute(select(SupportRegion.key, SupportRegion.id))
        keys = {row.key: row.id for row in found_regions}
        found = select(Service.id).order_by(Service.key).limit(3)
        backup, archive, premium = (await session.execute(found)).scalars().all()
        channel = (await session.execute(select(SupportChannel.id).limit(1))).scalar_one()
        offered = Catalogue(keys["emea"], channel, channel, backup, archive, premium)
        place = await alder(session, offered, await partner(session, "Meridian IT", "meridian.example"))
    regions = []
    for country, region in (("JP", keys["emea"]), ("JP", None), ("NO", None), (None, None)):
        async with client.session() as session:
            await make.change(session, Tenant, place.tenant, country=country, support_region_id=region)
        given = {
            "summary": "x",
            "details": "y",
            "serviceId": encode("service", backup),
            "severity": 3,
        }
        ticket = made(await done(await client.as_("owner@alder.example"), CREATE, input=given))
        async with client.session() as session:
            stored = await session.get(Ticket, decode(ticket["id"])[1])
            assert stored is not None
            regions.append(stored.region_id)
    assert regions == [keys["emea"], keys["apac"], keys["americas"], keys["americas"]]
