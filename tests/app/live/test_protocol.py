"""graphql-transport-ws, message by message, as its PROTOCOL.md has it."""

import json
from typing import Any

import pytest

from tests.app.live.conftest import Platform
from tests.app.live.talking import Talk, talking

pytestmark = pytest.mark.thorough

VIEWER = "{ viewer { email } }"
SUBSCRIPTION = "subscription { viewerTicketsUpdated { id } }"


async def test_a_client_is_welcomed(platform: Platform) -> None:
    async with talking(platform.url) as talk:
        assert talk.socket.subprotocol == "graphql-transport-ws"
        await talk.begin(await platform.token("owner@alder.example"))


@pytest.mark.parametrize("offered", [("graphql-ws",), ("graphql-sse", "json")])
async def test_another_subprotocol_is_not_spoken(platform: Platform, offered: tuple[str, ...]) -> None:
    async with talking(platform.url, *offered) as talk:
        assert talk.socket.subprotocol is None
        assert (await talk.closed())[0] == 4406


async def test_the_legacy_subprotocol_is_passed_over(platform: Platform) -> None:
    async with talking(platform.url, "graphql-ws", "graphql-transport-ws") as talk:
        assert talk.socket.subprotocol == "graphql-transport-ws"


async def test_who_does_not_initialise_in_time_is_closed(platform: Platform) -> None:
    async with talking(platform.url) as talk:
        assert await talk.closed() == (4408, "Connection initialisation timeout")


async def test_a_second_initialisation_is_one_too_many(platform: Platform) -> None:
    async with talking(platform.url) as talk:
        await talk.begin()
        await talk.send(type="connection_init")
        assert await talk.closed() == (4429, "Too many initialisation requests")


async def test_operations_wait_for_the_welcome(platform: Platform) -> None:
    async with talking(platform.url) as talk:
        await talk.ask("a", VIEWER)
        assert await talk.closed() == (4401, "Unauthorized")


async def test_bad_credentials_are_forbidden(platform: Platform) -> None:
    async with talking(platform.url) as talk:
        await talk.send(type="connection_init", payload={"authorization": "Bearer forged"})
        assert await talk.closed() == (4403, "This access token is not valid, or no longer.")


@pytest.mark.parametrize("where", ["flat", "nested", "header"])
async def test_credentials_come_with_the_initialisation_or_with_the_socket(platform: Platform, where: str) -> None:
    said = {"Authorization": f"Bearer {await platform.token('owner@alder.example')}"}
    payloads: dict[str, dict[str, Any]] = {"flat": {**said}, "nested": {"headers": said}, "header": {}}
    async with talking(platform.url, additional_headers=said if where == "header" else None) as talk:
        await talk.send(type="connection_init", payload=payloads[where])
        assert await talk.heard() == {"type": "connection_ack"}
        await talk.ask("a", VIEWER)
        assert await talk.news("a") == {"viewer": {"email": "owner@alder.example"}}


MALFORMED: dict[str, str | bytes] = {
    "no JSON": "{",
    "no text": b"{}",
    "no object": "[1]",
    "a number": "1",
    "no type": "{}",
    "an unknown type": '{"type":"start"}',
    "a type that is no text": '{"type":["ping"]}',
    "a message of the server": '{"type":"next","id":"1","payload":{}}',
    "a payload that is no object": '{"type":"ping","payload":1}',
    "no id": '{"type":"subscribe","payload":{"query":"{ __typename }"}}',
    "an empty id": '{"type":"subscribe","id":"","payload":{"query":"{ __typename }"}}',
    "an id that is no text": '{"type":"complete","id":1}',
    "no payload": '{"type":"subscribe","id":"1"}',
    "no query": '{"type":"subscribe","id":"1","payload":{}}',
    "a query that is no text": '{"type":"subscribe","id":"1","payload":{"query":1}}',
    "a name that is no text": '{"type":"subscribe","id":"1","payload":{"query":"{a}","operationName":1}}',
    "variables that are no object": '{"type":"subscribe","id":"1","payload":{"query":"{a}","variables":[]}}',
}


@pytest.mark.parametrize("what", MALFORMED)
async def test_what_is_no_message_closes_the_socket(platform: Platform, what: str) -> None:
    async with talking(platform.url) as talk:
        await talk.begin()
        await talk.socket.send(MALFORMED[what])
        code, reason = await talk.closed()
        assert code == 4400
        assert reason


async def test_what_is_too_big_closes_the_socket(platform: Platform) -> None:
    async with talking(platform.url) as talk:
        await talk.begin()
        await talk.ask("a", "{ " + "a " * 600_000 + "}")
        assert (await talk.closed())[0] == 1009


async def test_pings_are_answered_before_and_after_the_welcome(platform: Platform) -> None:
    async with talking(platform.url) as talk:
        await talk.send(type="ping")
        assert await talk.heard() == {"type": "pong"}
        await talk.begin()
        await talk.send(type="ping", payload={"at": 7})
        assert await talk.heard() == {"type": "pong", "payload": {"at": 7}}
        await talk.send(type="pong")
        assert await talk.silent()


@pytest.fixture
async def signed_in(platform: Platform) -> str:
    return await platform.token("owner@alder.example")


async def errors(talk: Talk, key: str) -> list[str]:
    """The codes of an operation that did not run; nothing more is said of it."""
    message = await talk.heard()
    assert (message["id"], message["type"]) == (key, "error"), message
    assert all(error["message"] for error in message["payload"])
    assert await talk.silent()
    return [error["extensions"]["code"] for error in message["payload"]]


REFUSED = {
    "syntax": ("{", "GRAPHQL_PARSE_FAILED"),
    "validation": ("{ noSuchField }", "GRAPHQL_VALIDATION_FAILED"),
    "an unknown operation": ("fragment F on Query { viewer { id } }", "OPERATION_RESOLUTION_FAILURE"),
    "two roots": (
        "subscription { a: viewerTicketsUpdated { id } b: viewerTicketsUpdated { id } }",
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "a root left out": (
        "subscription { viewerTicketsUpdated @skip(if: true) { id } }",
        "GRAPHQL_VALIDATION_FAILED",
    ),
    "an unknown ticket": ('subscription { ticketUpdated(ticketId: "ticket_7") { id } }', "NOT_FOUND"),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_an_operation_that_does_not_run_is_an_error_of_its_own(
    platform: Platform, signed_in: str, what: str
) -> None:
    query, code = REFUSED[what]
    async with talking(platform.url) as talk:
        await talk.begin(signed_in)
        await talk.ask("a", query)
        assert await errors(talk, "a") == [code]
        await talk.ask("a", "{ __typename }")
        assert await talk.news("a") == {"__typename": "Query"}


async def test_values_that_no_field_takes_are_an_error_of_the_operation(platform: Platform, signed_in: str) -> None:
    async with talking(platform.url) as talk:
        await talk.begin(signed_in)
        await talk.ask("a", "query($n: String!) { ticketByNumber(number: $n) { id } }", n="\0")
        assert await errors(talk, "a") == ["BAD_USER_INPUT"]


async def test_who_is_nobody_is_welcome_and_sees_nothing(platform: Platform) -> None:
    async with talking(platform.url) as talk:
        await talk.begin()
        await talk.ask("a", SUBSCRIPTION)
        assert await errors(talk, "a") == ["UNAUTHENTICATED"]


async def test_a_query_is_one_result(platform: Platform, signed_in: str) -> None:
    async with talking(platform.url) as talk:
        await talk.begin(signed_in)
        await talk.ask("a", VIEWER)
        assert await talk.news("a") == {"viewer": {"email": "owner@alder.example"}}
        assert await talk.heard() == {"id": "a", "type": "complete"}
        assert await talk.silent()


async def test_errors_of_fields_stand_in_the_result(platform: Platform, signed_in: str) -> None:
    async with talking(platform.url) as talk:
        await talk.begin(signed_in)
        await talk.ask("a", '{ ticket(id: "ticket_7") { id } }')
        message = await talk.heard()
        assert message["type"] == "next"
        assert message["payload"]["data"] == {"ticket": None}
        assert [error["extensions"]["code"] for error in message["payload"]["errors"]] == ["NOT_FOUND"]
        assert await talk.heard() == {"id": "a", "type": "complete"}


async def test_a_mutation_is_one_result(platform: Platform) -> None:
    async with talking(platform.url) as talk:
        await talk.begin(await platform.token("user@alder.example"))
        reply = """mutation($id: ID!) { ticketReplyAdd(ticketId: $id, input: { body: "It works." }) {
            message { body } userErrors { code } } }"""
        await talk.ask("a", reply, id=f"ticket_{platform.world.alder.ticket.hex}")
        assert await talk.news("a") == {"ticketReplyAdd": {"message": {"body": "It works."}, "userErrors": []}}
        assert await talk.heard() == {"id": "a", "type": "complete"}


async def test_an_id_stands_for_one_operation_at_a_time(platform: Platform, signed_in: str) -> None:
    async with talking(platform.url) as talk:
        await talk.begin(signed_in)
        await talk.follow("a", SUBSCRIPTION)
        await talk.ask("a", VIEWER)
        assert await talk.closed() == (4409, "Subscriber for a already exists")


async def test_an_id_is_free_again_once_it_is_complete(platform: Platform, signed_in: str) -> None:
    async with talking(platform.url) as talk:
        await talk.begin(signed_in)
        await talk.follow("a", SUBSCRIPTION)
        await talk.send(id="a", type="complete")
        await talk.ask("a", VIEWER)
        assert await talk.news("a") == {"viewer": {"email": "owner@alder.example"}}


async def test_to_complete_what_is_unknown_is_nothing(platform: Platform, signed_in: str) -> None:
    async with talking(platform.url) as talk:
        await talk.begin(signed_in)
        await talk.send(id="b", type="complete")
        await talk.ask("a", "{ __typename }")
        assert await talk.news("a") == {"__typename": "Query"}


async def test_operations_go_on_side_by_side_each_with_a_context_of_its_own(platform: Platform, signed_in: str) -> None:
    async with talking(platform.url) as talk:
        await talk.begin(signed_in)
        for number in range(20):
            await talk.ask(str(number), VIEWER)
        messages = [await talk.heard() for _ in range(40)]
    assert {message["id"] for message in messages if message["type"] == "complete"} == {str(n) for n in range(20)}


async def test_the_acting_tenant_is_chosen_as_by_the_header(platform: Platform) -> None:
    token = await platform.token("owner@alder.example")
    async with talking(platform.url) as talk:
        elsewhere = {
            "authorization": f"Bearer {token}",
            "bailiwick-tenant": f"tenant_{platform.world.lone_pine.tenant.hex}",
        }
        await talk.send(type="connection_init", payload=elsewhere)
        assert (await talk.closed())[0] == 4403


async def test_messages_are_json_without_framing(platform: Platform) -> None:
    async with talking(platform.url) as talk:
        await talk.send(type="connection_init")
        assert json.loads(await talk.socket.recv()) == {"type": "connection_ack"}
