"""A thousand subscribers of one process, each with a socket of its own, and what PostgreSQL's death is to them."""

import asyncio
import statistics
import sys
import time
from contextlib import AsyncExitStack

import httpx
import pytest
from sqlalchemy import text

from tests.app.live.conftest import metric
from tests.app.live.talking import Talk, talking
from tests.faults.installation import Installation

SUBSCRIBERS = 1_000
AT_ONCE = 50
PATIENCE = 60.0
MEDIAN_SECONDS = 1.0
TICKET = "subscription($id: ID!) { ticketUpdated(ticketId: $id) { number status severity } }"
QUERY = "{ tickets(first: 10) { nodes { number } } }"
ROLES = ("owner", "service", "custom", "apps", "user")


@pytest.fixture(name="tokens")
async def _tokens(installation: Installation) -> list[str]:
    """Those of five people who see the ticket."""
    installation.start_server()
    return [(await installation.client.as_(f"{role}@alder.example")).token or "" for role in ROLES]


async def subscribed(stack: AsyncExitStack, installation: Installation, token: str, turns: asyncio.Semaphore) -> Talk:
    """One more subscriber of the ticket."""
    async with turns:
        talk = await stack.enter_async_context(talking(installation.url, seconds=PATIENCE, open_timeout=PATIENCE))
        await talk.begin(token)
        await talk.ask("a", TICKET, id=f"ticket_{installation.world.alder.ticket.hex}")
        return talk


async def told(talk: Talk, since: float) -> float:
    """After how many seconds the subscriber has the news."""
    assert (await talk.news("a"))["ticketUpdated"]["severity"] == 5
    return time.perf_counter() - since


async def change(installation: Installation, severity: int) -> None:
    """Something happens to the ticket."""
    async with installation.client.session() as session:
        await session.execute(text("UPDATE ticket SET severity = :given, version = version + 1"), {"given": severity})


async def asking(installation: Installation, token: str, answered: list[float]) -> None:
    """Queries, one after the other."""
    async with talking(installation.url, seconds=PATIENCE) as talk:
        await talk.begin(token)
        while True:
            started = time.perf_counter()
            await talk.ask("q", QUERY)
            await talk.news("q")
            assert (await talk.heard())["type"] == "complete"
            answered.append(time.perf_counter() - started)


async def test_a_thousand_subscribers_are_told_within_a_second_while_queries_go_on(
    installation: Installation, tokens: list[str]
) -> None:
    turns = asyncio.Semaphore(AT_ONCE)
    async with AsyncExitStack() as stack:
        joining = (subscribed(stack, installation, tokens[n % len(tokens)], turns) for n in range(SUBSCRIBERS))
        talks = await asyncio.gather(*joining)
        while metric(installation.url, "subscriptions") < SUBSCRIBERS:  # noqa: ASYNC110 - another process counts
            await asyncio.sleep(0.2)
        answered: list[float] = []
        queries = asyncio.create_task(asking(installation, tokens[0], answered))
        await asyncio.sleep(0.5)
        before = len(answered)
        await change(installation, 5)
        since = time.perf_counter()
        seconds = await asyncio.gather(*(told(talk, since) for talk in talks))
        queries.cancel()
    median = statistics.median(seconds)
    meanwhile = len(answered) - before
    sys.stdout.write(f"\n1,000 told: median {median:.3f} s, last {max(seconds):.3f} s, {meanwhile} queries meanwhile\n")
    assert len(seconds) == SUBSCRIBERS
    assert meanwhile > 0
    assert median < MEDIAN_SECONDS


async def test_a_socket_outlives_postgres_and_hears_what_it_missed(
    installation: Installation, tokens: list[str]
) -> None:
    async with AsyncExitStack() as stack:
        talk = await subscribed(stack, installation, tokens[0], asyncio.Semaphore())
        while metric(installation.url, "subscriptions") < 1:  # noqa: ASYNC110 - another process counts
            await asyncio.sleep(0.1)
        await asyncio.to_thread(installation.kill_postgres)
        async with httpx.AsyncClient(timeout=10) as http:
            assert (await http.get(f"{installation.url}/readyz")).status_code == 503
        await asyncio.to_thread(installation.start_postgres)
        await change(installation, 5)
        while (await talk.news("a"))["ticketUpdated"]["severity"] != 5:
            continue  # it may have read the ticket anew before the change
        await change(installation, 4)
        assert (await talk.news("a"))["ticketUpdated"]["severity"] == 4
        await talk.ask("q", QUERY)
        assert len((await talk.news("q"))["tickets"]["nodes"]) == 1
