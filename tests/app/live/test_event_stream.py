"""Subscriptions as server-sent events, negotiated so that nobody gets a stream who did not mean one."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from tests.app.live.conftest import Platform

pytestmark = pytest.mark.thorough

URQL = (
    "application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed"
)
URQL_SUBSCRIPTION = "text/event-stream, multipart/mixed"
EVENTS = "text/event-stream"
TICKET = "subscription($id: ID!) { ticketUpdated(ticketId: $id) { status } }"
COMPLETE = ("complete", None)
SECONDS = 20.0


class Stream:
    """What comes of an answer in events."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def block(self) -> list[str]:
        """The lines up to the next empty one."""
        lines: list[str] = []
        async with asyncio.timeout(SECONDS):
            async for line in self._lines:
                if not line:
                    return lines
                lines.append(line)
        return lines

    async def event(self) -> tuple[str, Any]:
        """The next event and its data; comments are passed over."""
        while (lines := await self.block()) == [":"]:
            pass
        fields = dict(line.split(":", 1) for line in lines)
        data = fields["data"].strip()
        return fields["event"].strip(), json.loads(data) if data else None


@asynccontextmanager
async def asked(
    platform: Platform, accept: str, query: str, token: str | None = None, **variables: Any
) -> AsyncIterator[Stream]:
    """An answer that is read as it comes, for a block."""
    headers = {"accept": accept} | ({"authorization": f"Bearer {token}"} if token else {})
    body = {"query": query, "variables": variables}
    async with (
        httpx.AsyncClient(timeout=SECONDS) as http,
        http.stream("POST", f"{platform.url}/graphql", json=body, headers=headers) as response,
    ):
        yield Stream(response)


@pytest.fixture(name="ticket")
def _ticket(platform: Platform) -> str:
    return f"ticket_{platform.world.alder.ticket.hex}"


async def change(platform: Platform) -> None:
    """Something happens to every ticket."""
    async with platform.client.session() as session:
        await session.execute(text("UPDATE ticket SET severity = 5, version = version + 1"))


@pytest.mark.parametrize("accept", [EVENTS, URQL_SUBSCRIPTION, URQL])
async def test_a_subscription_is_a_stream_for_who_takes_one(platform: Platform, ticket: str, accept: str) -> None:
    token = await platform.token("owner@alder.example")
    async with asked(platform, accept, TICKET, token, id=ticket) as stream:
        assert stream.response.status_code == 200
        assert stream.response.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert stream.response.headers["cache-control"] == "no-store"
        assert await stream.block() == [":"]
        await change(platform)
        assert await stream.event() == ("next", {"data": {"ticketUpdated": {"status": "OPEN"}}})


async def test_who_takes_no_stream_gets_no_subscription(platform: Platform, ticket: str) -> None:
    token = await platform.token("owner@alder.example")
    async with asked(platform, "application/json", TICKET, token, id=ticket) as stream:
        await stream.response.aread()
        assert stream.response.status_code == 400
        assert stream.response.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"


@pytest.mark.parametrize("accept", [URQL, "application/json, text/event-stream", "*/*"])
async def test_queries_stay_json_for_who_names_streams_last(platform: Platform, accept: str) -> None:
    async with asked(platform, accept, "{ __typename }") as stream:
        await stream.response.aread()
        assert stream.response.headers["content-type"].startswith("application/")
        assert stream.response.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("accept", [EVENTS, "text/event-stream, application/json"])
async def test_queries_are_streams_of_one_result_for_who_prefers_streams(platform: Platform, accept: str) -> None:
    async with asked(platform, accept, "{ __typename }") as stream:
        assert await stream.event() == ("next", {"data": {"__typename": "Query"}})
        assert await stream.event() == COMPLETE


REFUSED = {
    "syntax": ("{", "GRAPHQL_PARSE_FAILED"),
    "validation": ("{ noSuchField }", "GRAPHQL_VALIDATION_FAILED"),
    "an unknown ticket": ('subscription { ticketUpdated(ticketId: "ticket_7") { status } }', "NOT_FOUND"),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_what_does_not_run_is_told_in_the_stream(platform: Platform, what: str) -> None:
    query, code = REFUSED[what]
    token = await platform.token("owner@alder.example")
    async with asked(platform, EVENTS, query, token) as stream:
        assert stream.response.status_code == 200
        event, result = await stream.event()
        assert (event, [error["extensions"]["code"] for error in result["errors"]]) == ("next", [code])
        assert "data" not in result
        assert await stream.event() == COMPLETE


async def test_bad_credentials_are_401(platform: Platform, ticket: str) -> None:
    async with asked(platform, EVENTS, TICKET, "forged", id=ticket) as stream:
        assert stream.response.status_code == 401


async def test_a_stream_is_completed_when_its_subject_is_out_of_sight(platform: Platform, ticket: str) -> None:
    token = await platform.token("admin@meridian.example")
    async with asked(platform, EVENTS, TICKET, token, id=ticket) as stream:
        assert await stream.block() == [":"]
        async with platform.client.session() as session:
            await session.execute(text("UPDATE management_relationship SET mode = 'CUSTOMER'"))
        assert await stream.event() == COMPLETE


async def test_a_stream_is_completed_when_who_asked_is_gone(platform: Platform, ticket: str) -> None:
    token = await platform.token("owner@alder.example")
    async with asked(platform, EVENTS, TICKET, token, id=ticket) as stream:
        assert await stream.block() == [":"]
        async with platform.client.session() as session:
            await session.execute(text("UPDATE sign_in_session SET revoked_at = now()"))
        assert await stream.event() == COMPLETE


async def test_silence_is_filled_with_comments(platform: Platform, ticket: str) -> None:
    token = await platform.token("owner@alder.example")
    async with asked(platform, EVENTS, TICKET, token, id=ticket) as stream:
        assert [await stream.block() for _ in range(2)] == [[":"], [":"]]


async def test_subscriptions_by_get_are_streams(platform: Platform, ticket: str) -> None:
    token = await platform.token("owner@alder.example")
    parameters = {"query": f'subscription {{ ticketUpdated(ticketId: "{ticket}") {{ status }} }}'}
    headers = {"accept": EVENTS, "authorization": f"Bearer {token}"}
    async with (
        httpx.AsyncClient(timeout=SECONDS) as http,
        http.stream("GET", f"{platform.url}/graphql", params=parameters, headers=headers) as response,
    ):
        stream = Stream(response)
        assert await stream.block() == [":"]
        await change(platform)
        assert (await stream.event())[0] == "next"
