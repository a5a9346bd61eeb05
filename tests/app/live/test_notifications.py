"""What waits to be read is counted for each person, live and when asked (spec 3, 7)."""

from typing import Any

import pytest

from tests.app.live.conftest import Platform
from tests.app.live.talking import Talk, talking
from tests.app.live.test_tickets import NOTE, REPLY, done, unheard

pytestmark = pytest.mark.thorough

COUNT = "subscription { viewerNotificationCount }"
UNREAD = "{ viewer { unreadNotificationCount } }"
READ = "mutation($id: ID!) { ticketMarkRead(ticketId: $id, input: {}) { ticket { id } userErrors { code } } }"


@pytest.fixture(name="ticket")
def _ticket(platform: Platform) -> str:
    return f"ticket_{platform.world.alder.ticket.hex}"


async def count(talk: Talk) -> Any:
    """The next count."""
    return (await talk.news("a"))["viewerNotificationCount"]


async def test_messages_of_others_are_counted_until_they_are_read(platform: Platform, ticket: str) -> None:
    user, agent = await platform.client.as_("user@alder.example"), await platform.client.as_("agent@northstar.example")
    async with talking(platform.other) as talk:
        await talk.begin(user.token)
        await talk.ask("a", COUNT)
        assert await count(talk) == 0
        await done(agent, REPLY, id=ticket, body="One.")
        assert await count(talk) == 1
        await done(agent, REPLY, id=ticket, body="Two.")
        assert await count(talk) == 2
        assert (await user.query(UNREAD)).data == {"viewer": {"unreadNotificationCount": 2}}
        await done(user, READ, id=ticket)
        assert await count(talk) == 0
    assert (await user.query(UNREAD)).data == {"viewer": {"unreadNotificationCount": 0}}


async def test_ones_own_messages_and_internal_notes_wait_for_nobody(platform: Platform, ticket: str) -> None:
    user, agent = await platform.client.as_("user@alder.example"), await platform.client.as_("agent@northstar.example")
    async with talking(platform.url) as talk:
        await talk.begin(user.token)
        await talk.ask("a", COUNT)
        assert await count(talk) == 0
        await done(user, REPLY, id=ticket, body="My own.")
        await done(agent, NOTE, id=ticket, body="Ours alone.")
        assert await unheard(talk)
    assert (await user.query(UNREAD)).data == {"viewer": {"unreadNotificationCount": 0}}


async def test_what_is_out_of_sight_is_not_counted(platform: Platform, ticket: str) -> None:
    user, agent = await platform.client.as_("user@alder.example"), await platform.client.as_("agent@northstar.example")
    await done(agent, REPLY, id=ticket, body="One.")
    elsewhere = await platform.client.as_("owner@lonepine.example")
    assert (await elsewhere.query(UNREAD)).data == {"viewer": {"unreadNotificationCount": 0}}
    assert (await user.query(UNREAD)).data == {"viewer": {"unreadNotificationCount": 1}}
    assert (await elsewhere.query(READ, id=ticket)).data["ticketMarkRead"]["userErrors"] == [{"code": "NOT_FOUND"}]
    assert (await user.query(UNREAD)).data == {"viewer": {"unreadNotificationCount": 1}}
