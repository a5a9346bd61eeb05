"""What is told of changes, and to whom: every writer tells, by the database's own triggers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text

from domain.tickets.model import MessageVisibility
from tenancy.live import MOST_WAITING, Event, EventKind, FallenBehindError, Feed, Hub
from tests.support import factories as make
from tests.support.app import Running
from tests.support.postgres import Database
from tests.support.world import World

SECONDS = 5.0
Open = Callable[..., Awaitable[Feed]]


@pytest.fixture
async def hub(database: Database) -> AsyncIterator[Hub]:
    made = Hub(database.application_url)
    yield made
    await made.close()


async def run(client: Running, statement: str, **values: Any) -> None:
    """A statement in a transaction of its own."""
    async with client.session() as session:
        await session.execute(text(statement), values)


async def undone(client: Running) -> None:
    """A change of every ticket that is rolled back."""
    async with client.session() as session:
        await session.execute(text("UPDATE ticket SET version = version + 1"))
        raise ZeroDivisionError


async def told(client: Running, feed: Feed) -> list[Event]:
    """What a feed was told so far: all that comes before what is told now."""
    mark = UUID(int=1)
    payload = f'{{"kind":"ticket","ticket":"{mark}","topics":["{feed.topics[0]}"]}}'
    await run(client, "SELECT pg_notify('bailiwick_live', :payload)", payload=payload)
    found: list[Event] = []
    async with asyncio.timeout(SECONDS):
        while (event := await anext(feed)).ticket_id != mark:
            found.append(event)
    return found


async def test_a_changed_ticket_is_told_to_whom_it_may_concern(client: Running, world: World, hub: Hub) -> None:
    ticket, changed = world.alder.ticket, "UPDATE ticket SET severity = 5, version = version + 1 WHERE id = :id"
    topics = (f"ticket:{ticket}", f"tickets:{world.alder.tenant}", f"tickets:{world.meridian.tenant}", "tickets")
    feeds = [await hub.feed(topic) for topic in topics]
    other = await hub.feed(f"tickets:{world.lone_pine.tenant}")
    await run(client, changed, id=ticket)
    assert [await told(client, feed) for feed in feeds] == [[Event(EventKind.TICKET, ticket)]] * 4
    assert await told(client, other) == []


async def test_what_is_rolled_back_is_not_told(client: Running, world: World, hub: Hub) -> None:
    feed = await hub.feed("tickets")
    with pytest.raises(ZeroDivisionError):
        await undone(client)
    assert await told(client, feed) == []


async def test_an_internal_note_tells_the_organisation_nothing(client: Running, world: World, hub: Hub) -> None:
    ticket = world.alder.ticket
    organisation, staff = await hub.feed(f"tickets:{world.alder.tenant}"), await hub.feed("tickets")
    conversation = await hub.feed(f"ticket:{ticket}")
    async with client.session() as session:
        note = await make.message(session, world.alder.tenant, ticket, visibility=MessageVisibility.INTERNAL)
        await session.execute(text("UPDATE ticket SET updated_at = now() WHERE id = :id"), {"id": ticket})
    assert await told(client, organisation) == []
    assert await told(client, staff) == [Event(EventKind.TICKET, ticket, internal=True)]
    assert set(await told(client, conversation)) == {
        Event(EventKind.TICKET, ticket, internal=True),
        Event(EventKind.MESSAGE, ticket, note, internal=True),
    }


async def test_a_message_is_told_by_its_id(client: Running, world: World, hub: Hub) -> None:
    feed = await hub.feed(f"ticket:{world.alder.ticket}")
    async with client.session() as session:
        said = await make.message(session, world.alder.tenant, world.alder.ticket)
    assert await told(client, feed) == [Event(EventKind.MESSAGE, world.alder.ticket, said)]


ENDINGS = {
    "role": ("UPDATE membership SET role = 'STANDARD_USER' WHERE user_id = :user", "user"),
    "membership": ("UPDATE membership SET status = 'DISABLED' WHERE user_id = :user", "user"),
    "session": ("UPDATE sign_in_session SET revoked_at = now() WHERE user_id = :user", "user"),
    "account": ("UPDATE user_account SET status = 'DISABLED' WHERE id = :user", "user"),
    "tenant": ("UPDATE tenant SET status = 'SUSPENDED' WHERE id = :tenant", "tenant"),
    "security": (
        "UPDATE tenant_security_settings SET organization_ticket_access = 'NONE' WHERE tenant_id = :tenant",
        "tenant",
    ),
    "mode": ("UPDATE management_relationship SET mode = 'CUSTOMER' WHERE customer_tenant_id = :tenant", "partner"),
}


@pytest.mark.parametrize("ending", ENDINGS)
async def test_whatever_ends_an_access_is_told(client: Running, world: World, hub: Hub, ending: str) -> None:
    statement, whom = ENDINGS[ending]
    ids = {"user": world.alder.service, "tenant": world.alder.tenant, "partner": world.meridian.tenant}
    await client.as_(world.alder.service)
    feed = await hub.feed(f"access:{ids[whom]}")
    await run(client, statement, **{name: ids[name] for name in ids if f":{name}" in statement})
    assert await told(client, feed) == [Event(EventKind.ACCESS)]


async def test_a_renewed_sign_in_ends_nothing(client: Running, world: World, hub: Hub) -> None:
    await client.as_(world.alder.owner)
    feed = await hub.feed(f"access:{world.alder.owner}")
    await run(client, "UPDATE sign_in_session SET refresh_hash = 'another' WHERE user_id = :id", id=world.alder.owner)
    assert await told(client, feed) == []


async def test_after_an_interruption_everybody_is_to_read_anew(client: Running, hub: Hub) -> None:
    feed = await hub.feed("ticket:of nobody")
    administrator = await asyncpg.connect(client.addresses.administrator_url)
    await administrator.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT 1' AND datname = $1",
        client.addresses.name,
    )
    await administrator.close()
    async with asyncio.timeout(SECONDS):
        assert await anext(feed) == Event(EventKind.MISSED)


async def test_an_event_that_waits_already_is_kept_once(hub: Hub) -> None:
    feed = await hub.feed("one")
    for _ in range(MOST_WAITING * 2):
        hub.tell(Event(EventKind.TICKET, UUID(int=1)), ["one"])
    assert await anext(feed) == Event(EventKind.TICKET, UUID(int=1))


async def test_who_takes_nothing_has_no_more_kept_for_it(hub: Hub) -> None:
    feed = await hub.feed("one")
    for number in range(MOST_WAITING + 1):
        hub.tell(Event(EventKind.TICKET, UUID(int=number)), ["one"])
    with pytest.raises(FallenBehindError):
        await anext(feed)


async def test_nothing_is_kept_for_who_takes_no_more(hub: Hub) -> None:
    feed = await hub.feed("one")
    await feed.aclose()
    assert hub.topics == 0
