"""Mail comes to who wants it, when they want it, and nothing is lost (spec 3, 23)."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from domain.mail.model import DeliveryStatus
from domain.notifications.model import NotificationPreferences
from tests.mail.conftest import Post
from tests.mail.test_delivery import answered, flipped
from tests.schema.asking import invited, made
from tests.support.app import Client, Running
from tests.support.world import World

USER, OWNER = "user@alder.example", "owner@alder.example"


@pytest.fixture
async def owner(client: Running, world: World) -> Client:
    return await client.as_(OWNER)


@pytest.fixture
async def agent(client: Running, world: World) -> Client:
    return await client.as_("agent@northstar.example")


async def wanted(client: Running, who: str, **wishes: Any) -> None:
    user_id = await client.user_id(who)
    async with client.session() as session:
        session.add(NotificationPreferences(user_id=user_id, **wishes))


async def test_what_is_switched_off_is_not_sent_and_the_log_says_why(
    post: Post, client: Running, world: World, owner: Client, agent: Client
) -> None:
    ticket = made(await invited(owner, world, additionalRecipients=[USER]))
    await wanted(client, USER, switched_off=["REPLY:MAIL"])
    await answered(agent, ticket["id"])
    await post.deliver()
    assert [one.template for one in await post.log() if (one.recipient, one.status) == (USER, "SENT")] == [
        "ticket_created"
    ]
    [refused] = [one for one in await post.log() if one.status is DeliveryStatus.SUPPRESSED]
    assert (refused.recipient, refused.template) == (USER, "ticket_reply")
    assert refused.last_error == "The recipient has switched this off."


async def test_people_without_an_account_keep_getting_mail(
    post: Post, client: Running, world: World, owner: Client, agent: Client
) -> None:
    ticket = made(await invited(owner, world))
    await wanted(client, OWNER, switched_off=["REPLY:MAIL", "RAISED:MAIL"])
    await answered(agent, ticket["id"])
    await post.deliver()
    assert [mail["To"] for mail in post.box.mails] == ["ada@alder.example"] * 2


async def test_in_quiet_hours_mail_waits_for_their_end_and_is_not_lost(
    post: Post, client: Running, world: World, owner: Client
) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    client.clock.now = client.clock.now.astimezone(berlin).replace(hour=23, minute=0, second=0, microsecond=0)
    await wanted(client, USER, time_zone="Europe/Berlin", quiet_from_minute=22 * 60, quiet_until_minute=7 * 60)
    made(await invited(await client.as_(OWNER), world, additionalRecipients=[USER]))
    await post.take()
    keys = {one.recipient: one.id for one in await post.log()}
    morning = (client.clock.now + timedelta(days=1)).replace(hour=7)
    assert await post.deliveries.deliver(keys[USER]) == morning - client.clock.now.astimezone(berlin)
    [waiting] = [one for one in await post.log() if one.recipient == USER]
    assert (waiting.status, waiting.attempts, waiting.due_at) == (DeliveryStatus.QUEUED, 0, morning)
    client.clock.now = morning
    assert await post.deliveries.deliver(keys[USER]) is None
    assert post.box.to(USER)["To"] == USER


async def test_mail_about_the_management_of_a_tenant_cannot_be_switched_off_and_does_not_wait(
    post: Post, client: Running, world: World, owner: Client
) -> None:
    everything = [f"{kind}:MAIL" for kind in ("RAISED", "REPLY", "STATUS", "ASSIGNMENT", "CC_ADDED", "SLA_WARNING")]
    now = client.clock.now.hour * 60 + client.clock.now.minute
    quiet = {"quiet_from_minute": (now - 60) % 1440, "quiet_until_minute": (now + 60) % 1440}
    await wanted(client, OWNER, switched_off=everything, **quiet)
    await flipped(client, world)
    await post.deliver()
    assert (await post.states())[OWNER] == "SENT"
