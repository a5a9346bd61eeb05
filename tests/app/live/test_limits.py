"""What clients may not do for ever, or too much of; and how a server that stops says so."""

import asyncio
import json
import signal
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text

from tests.app.live.conftest import People, metric, process
from tests.app.live.talking import talking
from tests.support.postgres import Database
from tests.support.processes import Served

pytestmark = pytest.mark.thorough

MINE = "subscription { viewerTicketsUpdated { id } }"
MUCH = "subscription { viewerTicketsUpdated { " + " ".join(f"a{n}: details" for n in range(90)) + " } }"
DEAR = "subscription { viewerTicketsUpdated { participants(first: 100) { nodes { id } } } }"
DEEP = "subscription { viewerTicketsUpdated { participants(first: 1) { edges { node { id } } } } }"
STRICT = {
    "BAILIWICK_UNREAD_TIMEOUT": "0.5",
    "BAILIWICK_PING_INTERVAL": "1",
    "BAILIWICK_MAX_CONNECTIONS": "2",
    "BAILIWICK_MAX_SOCKET_OPERATIONS": "20",
    "BAILIWICK_MAX_DEPTH": "4",
    "BAILIWICK_RATE_LIMIT": "1000",
}


@pytest.fixture(scope="module")
def strict(addresses: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that has little patience."""
    with process(tmp_path_factory.mktemp("strict"), addresses, **STRICT) as served:
        yield served


async def changed(people: People) -> None:
    """Something happens to every ticket."""
    async with people.client.session() as session:
        await session.execute(text("UPDATE ticket SET version = version + 1"))


async def test_a_client_that_does_not_read_is_dropped(people: People, strict: Served) -> None:
    async with people.client.session() as session:
        await session.execute(text("UPDATE ticket SET details = :long"), {"long": "long " * 4_000})
    before = metric(strict.url, "dropped_total")
    async with talking(strict.url, max_queue=1, max_size=None) as talk, asyncio.timeout(60):
        await talk.begin(await people.token("apps@alder.example"))
        await talk.follow("a", MUCH)
        while metric(strict.url, "connections") == 1:
            await changed(people)
            await asyncio.sleep(0.05)
    assert metric(strict.url, "dropped_total") == before + 1
    assert metric(strict.url, "subscriptions") == 0


@asynccontextmanager
async def unread(url: str, token: str, query: str) -> AsyncIterator[None]:
    """An event stream on a socket of its own, of which nothing is read."""
    parts, body = urlsplit(url), json.dumps({"query": query}).encode()
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Bearer {token}\r\n"
        f"Accept: text/event-stream\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect((parts.hostname, parts.port))
        connection.sendall(head.encode() + body)
        yield


async def test_an_event_stream_that_is_not_read_is_dropped(people: People, strict: Served) -> None:
    async with people.client.session() as session:
        await session.execute(text("UPDATE ticket SET details = :long"), {"long": "long " * 4_000})
    before, token = metric(strict.url, "dropped_total"), await people.token("apps@alder.example")
    async with unread(strict.url, token, MUCH), asyncio.timeout(60):
        while metric(strict.url, "dropped_total") == before:
            await changed(people)
            await asyncio.sleep(0.05)
    assert metric(strict.url, "connections") == 0


async def test_who_does_not_answer_pings_is_dropped(people: People, strict: Served) -> None:
    async with talking(strict.url) as talk, talking(strict.url) as silent:
        await silent.begin()
        await talk.begin()
        for _ in range(3):
            assert await talk.socket.recv() == '{"type":"ping"}'
            await talk.send(type="pong")
        assert await silent.closed() == (1008, "Pings are not answered.")


async def test_a_principal_has_so_many_connections(people: People, strict: Served) -> None:
    owner, admin = await people.token("owner@alder.example"), await people.token("admin@meridian.example")
    async with talking(strict.url) as one, talking(strict.url) as two, talking(strict.url) as three:
        await one.begin(owner)
        await two.begin(owner)
        await three.send(type="connection_init", payload={"authorization": f"Bearer {owner}"})
        assert await three.closed() == (1013, "At most 2 connections at once.")
        async with talking(strict.url) as another:
            await another.begin(admin)
    async with talking(strict.url) as later:
        await later.begin(owner)


async def test_a_socket_has_so_many_operations_at_once(people: People, strict: Served) -> None:
    async with talking(strict.url) as talk:
        await talk.begin(await people.token("custom@alder.example"))
        for number in range(21):
            await talk.ask(str(number), MINE)
        message = await talk.heard()
        assert (message["id"], message["type"]) == ("20", "error")
        assert message["payload"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"
        await talk.send(id="0", type="complete")
        await talk.ask("20", "{ __typename }")
        assert await talk.news("20") == {"__typename": "Query"}


async def test_subscribing_costs_what_a_query_would(people: People, strict: Served) -> None:
    async with talking(strict.url) as talk:
        await talk.begin(await people.token("user@alder.example"))
        for number in range(12):
            await talk.ask(str(number), DEAR)
        message = await talk.heard()
        assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", "RATE_LIMITED")


async def test_subscriptions_are_measured_as_queries_are(people: People, strict: Served) -> None:
    async with talking(strict.url) as talk:
        await talk.begin(await people.token("service@alder.example"))
        await talk.ask("a", DEEP)
        message = await talk.heard()
        assert (message["type"], message["payload"][0]["extensions"]["code"]) == ("error", "LIMIT_EXCEEDED")


async def test_a_server_that_stops_says_so(people: People, addresses: Database, tmp_path: Path) -> None:
    with process(tmp_path, addresses) as served:
        async with talking(served.url) as talk:
            await talk.begin(await people.token("owner@alder.example"))
            await talk.follow("a", MINE)
            served.process.send_signal(signal.SIGTERM)
            assert await talk.closed() == (1001, "The server stops: come again.")
        assert served.end() == 0
