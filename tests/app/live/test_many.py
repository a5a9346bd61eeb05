"""A thousand subscribers of one process, each with a socket of its own, while queries go on."""

import asyncio
import statistics
import sys
import time
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import text

from tests.app.live.conftest import Platform, metric
from tests.app.live.talking import Talk, talking
from tests.support.app import Client

pytestmark = pytest.mark.slow

SUBSCRIBERS = 1_000
AT_ONCE = 50
PATIENCE = 60.0
TICKET = "subscription($id: ID!) { ticketUpdated(ticketId: $id) { number status } }"
ROLES = ("owner", "service", "custom", "apps", "user")


async def subscribed(stack: AsyncExitStack, platform: Platform, who: Client, turns: asyncio.Semaphore) -> Talk:
    """One more subscriber of the ticket."""
    async with turns:
        talk = await stack.enter_async_context(talking(platform.url, seconds=PATIENCE, open_timeout=PATIENCE))
        await talk.begin(who.token)
        await talk.ask("a", TICKET, id=f"ticket_{platform.world.alder.ticket.hex}")
        return talk


async def told(talk: Talk, since: float) -> float:
    """After how many seconds the subscriber has the news."""
    assert await talk.news("a")
    return time.perf_counter() - since


async def asking(platform: Platform, token: str, answered: list[float]) -> None:
    """Queries, one after the other."""
    async with talking(platform.url, seconds=PATIENCE) as talk:
        await talk.begin(token)
        while True:
            started = time.perf_counter()
            await talk.ask("q", "{ tickets(first: 10) { nodes { number } } }")
            await talk.news("q")
            assert (await talk.heard())["type"] == "complete"
            answered.append(time.perf_counter() - started)


async def test_a_thousand_subscribers_are_all_told(platform: Platform) -> None:
    people = [await platform.client.as_(f"{role}@alder.example") for role in ROLES]
    turns = asyncio.Semaphore(AT_ONCE)
    async with AsyncExitStack() as stack:
        joining = (subscribed(stack, platform, people[n % len(people)], turns) for n in range(SUBSCRIBERS))
        talks = await asyncio.gather(*joining)
        while metric(platform.url, "subscriptions") < SUBSCRIBERS:  # noqa: ASYNC110 - another process counts
            await asyncio.sleep(0.2)
        answered: list[float] = []
        queries = asyncio.create_task(asking(platform, people[0].token or "", answered))
        await asyncio.sleep(0.5)
        before = len(answered)
        async with platform.client.session() as session:
            await session.execute(text("UPDATE ticket SET severity = 5, version = version + 1"))
        since = time.perf_counter()
        seconds = await asyncio.gather(*(told(talk, since) for talk in talks))
        queries.cancel()
    median = statistics.median(seconds)
    sys.stdout.write(f"median {median:.3f} s, last {max(seconds):.3f} s, {len(answered) - before} queries meanwhile\n")
    assert len(seconds) == SUBSCRIBERS
    assert len(answered) > before
