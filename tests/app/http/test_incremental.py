"""Answers in parts: negotiated, written in the client's format, sent as they come, stopped when the client leaves."""

import asyncio
import zlib
from collections.abc import AsyncGenerator
from typing import Any

import pytest
import zstandard
from graphql import ExecutionResult, GraphQLError

from app.http.negotiation import GRAPHQL_RESPONSE
from execution.parts.incremental import DeferredPart, Part, Pending, StreamedPart
from tests.app.http.increments import APOLLO_3, APOLLO_4, DEFERRED, Exchange, Script, Scripted, asked
from tests.app.http.server import NotFoundHereError, Options

URQL = f"{GRAPHQL_RESPONSE}, application/graphql+json, application/json, text/event-stream, multipart/mixed"
V0_2 = 'multipart/mixed;boundary="-";incrementalSpec=v0.2'
V2022 = 'multipart/mixed;boundary="-";deferSpec=20220824'

VIEWER = Pending("0", (), "v")
NODES = Pending("1", ("customers", "nodes"))
HERS = DeferredPart(pending=VIEWER, data={"viewer": "staff"})


def scripted(*parts: Part, pending: tuple[Pending, ...] = (VIEWER,), data: Any = None, **rest: Any) -> Scripted:
    """An executor whose parts are all ready when they are asked for."""

    async def script() -> AsyncGenerator[Part, None]:
        for part in parts:
            yield part

    return Scripted(pending, script, ExecutionResult(data or {"hello": "you"}, **rest))


def following(script: Script) -> Scripted:
    return Scripted((VIEWER,), script, ExecutionResult({"hello": "you"}))


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (APOLLO_4, V0_2),
        ('multipart/mixed; incrementalSpec="v0.2", application/json', V0_2),
        (APOLLO_3, V2022),
        (URQL, V2022),
        ("multipart/mixed, application/json", V2022),
        ("Multipart/Mixed;boundary=x;q=0.5, application/json", V2022),
        ("multipart/mixed;incrementalSpec=v0.3,multipart/mixed;deferSpec=20220824,application/json", V2022),
    ],
)
async def test_a_client_that_takes_multipart_is_answered_in_its_format(accept: str, content_type: str) -> None:
    exchange = await asked(scripted(HERS), accept=accept)
    assert (exchange.status, exchange.headers["content-type"]) == (200, content_type)


@pytest.mark.parametrize(
    "accept",
    [
        "*/*",
        "application/json",
        GRAPHQL_RESPONSE,
        "multipart/mixed;q=0, application/json",
        "multipart/mixed;boundary=graphql;subscriptionSpec=1.0, application/json",
        "multipart/mixed;incrementalSpec=v0.3, application/json",
        "text/event-stream, application/json",
    ],
)
async def test_other_clients_get_one_ordinary_answer(accept: str) -> None:
    executor = scripted(HERS)
    exchange = await asked(executor, accept=accept)
    assert (exchange.status, exchange.body, executor.increments) == (200, b'{"data":{"hello":"you"}}', [False])


async def test_an_answer_without_parts_is_no_multipart() -> None:
    async def whole(*_: Any) -> ExecutionResult:
        return ExecutionResult({"viewer": "staff"})

    exchange = await asked(whole)
    assert exchange.headers["content-type"] == f"{GRAPHQL_RESPONSE}; charset=utf-8"
    assert exchange.body == b'{"data":{"viewer":"staff"}}'


async def test_a_batch_is_never_in_parts() -> None:
    executor = scripted(HERS)
    exchange = await asked(executor, query=[{"query": DEFERRED}], options=Options(max_batch=2))
    assert (exchange.body, executor.increments) == (b'[{"data":{"hello":"you"}}]', [False])


async def test_the_framing_is_exact() -> None:
    exchange = await asked(scripted(HERS), accept=APOLLO_3)
    head = b"\r\ncontent-type: application/json; charset=utf-8\r\n\r\n"
    assert exchange.messages == [
        b"\r\n---" + head + b'{"data":{"hello":"you"},"hasNext":true}\r\n---',
        head + b'{"incremental":[{"data":{"viewer":"staff"},"path":[],"label":"v"}],"hasNext":false}\r\n-----\r\n',
    ]
    assert "content-length" not in exchange.headers
    assert (exchange.headers["cache-control"], exchange.headers["x-accel-buffering"]) == ("no-store", "no")
    assert exchange.headers["vary"].startswith("Accept, ")


CUSTOMER = Pending("2", ("customers", "nodes", 1), "c")
MIXED = (
    StreamedPart(
        pending=NODES,
        index=1,
        items=[{"id": "b"}],
        completed=False,
        announced=(CUSTOMER,),
        errors=(GraphQLError("x", original_error=NotFoundHereError("No."), path=["customers", "nodes", 1]),),
    ),
    DeferredPart(pending=CUSTOMER, data={"name": "Birch"}),
    StreamedPart(pending=NODES, index=2, items=[], completed=True),
)
NOT_FOUND = {"message": "No.", "path": ["customers", "nodes", 1], "extensions": {"code": "NOT_FOUND"}}
LISTED = {"customers": {"nodes": [{"id": "a"}]}}


async def test_v0_2_announces_delivers_and_completes_by_id() -> None:
    exchange = await asked(scripted(*MIXED, pending=(NODES,), data=LISTED))
    assert exchange.payloads == [
        {"data": LISTED, "pending": [{"id": "1", "path": ["customers", "nodes"]}], "hasNext": True},
        {
            "pending": [{"id": "2", "path": ["customers", "nodes", 1], "label": "c"}],
            "incremental": [
                {"id": "1", "items": [{"id": "b"}], "errors": [NOT_FOUND]},
                {"id": "2", "data": {"name": "Birch"}},
            ],
            "completed": [{"id": "2"}, {"id": "1"}],
            "hasNext": False,
        },
    ]


async def test_2022_08_24_gives_paths_and_labels() -> None:
    exchange = await asked(scripted(*MIXED, pending=(NODES,), data=LISTED), accept=APOLLO_3)
    assert exchange.payloads == [
        {"data": LISTED, "hasNext": True},
        {
            "incremental": [
                {"items": [{"id": "b"}], "path": ["customers", "nodes", 1], "errors": [NOT_FOUND]},
                {"data": {"name": "Birch"}, "path": ["customers", "nodes", 1], "label": "c"},
            ],
            "hasNext": False,
        },
    ]


FAILED = (
    DeferredPart(pending=VIEWER, data=None, errors=(GraphQLError("x", original_error=NotFoundHereError("No.")),)),
    StreamedPart(pending=NODES, index=1, items=None, completed=True, errors=(GraphQLError("password=hunter2"),)),
)


async def test_v0_2_completes_what_failed_with_its_errors() -> None:
    exchange = await asked(scripted(*FAILED, pending=(VIEWER, NODES), data=LISTED), x_request_id="request-1")
    masked = {"message": "Internal error", "extensions": {"code": "INTERNAL", "requestId": "request-1"}}
    told = {"message": "No.", "extensions": {"code": "NOT_FOUND"}}
    assert exchange.payloads[1:] == [
        {"completed": [{"id": "0", "errors": [told]}, {"id": "1", "errors": [masked]}], "hasNext": False}
    ]


async def test_2022_08_24_has_null_for_what_failed() -> None:
    executor = scripted(*FAILED, pending=(VIEWER, NODES), data=LISTED)
    exchange = await asked(executor, accept=APOLLO_3, x_request_id="request-1")
    masked = {"message": "Internal error", "extensions": {"code": "INTERNAL", "requestId": "request-1"}}
    told = {"message": "No.", "extensions": {"code": "NOT_FOUND"}}
    assert exchange.payloads[1:] == [
        {
            "incremental": [
                {"data": None, "path": [], "label": "v", "errors": [told]},
                {"items": None, "path": ["customers", "nodes", 1], "errors": [masked]},
            ],
            "hasNext": False,
        }
    ]


async def test_the_end_of_a_list_alone_is_no_increment() -> None:
    end = StreamedPart(pending=NODES, index=1, items=[], completed=True)
    old = await asked(scripted(end, pending=(NODES,), data=LISTED), accept=APOLLO_3)
    new = await asked(scripted(end, pending=(NODES,), data=LISTED), accept=APOLLO_4)
    assert old.payloads[1:] == [{"hasNext": False}]
    assert new.payloads[1:] == [{"completed": [{"id": "1"}], "hasNext": False}]


async def test_the_first_part_has_the_errors_and_extensions_of_what_ran() -> None:
    error = GraphQLError("x", original_error=NotFoundHereError("No."), path=["customers", "nodes", 1])
    exchange = await asked(scripted(HERS, errors=[error], extensions={"cost": 3}), accept=APOLLO_3)
    assert exchange.payloads[0] == {
        "data": {"hello": "you"},
        "errors": [NOT_FOUND],
        "extensions": {"cost": 3},
        "hasNext": True,
    }


async def test_errors_of_a_part_are_bounded() -> None:
    errors = tuple(GraphQLError("x", original_error=NotFoundHereError(f"{n}")) for n in range(5))
    part = DeferredPart(pending=VIEWER, data={"viewer": None}, errors=errors)
    exchange = await asked(scripted(part), accept=APOLLO_3, options=Options(max_errors=2))
    shown = exchange.payloads[1]["incremental"][0]["errors"]
    assert [each["message"] for each in shown] == ["0", "1", "3 more errors are not shown."]


async def test_parts_that_come_apart_are_sent_apart_at_once() -> None:
    go, seen = asyncio.Event(), []
    first = Pending("1", (), "first")

    async def script() -> AsyncGenerator[Part, None]:
        yield DeferredPart(pending=first, data={"hello": "you"})
        await go.wait()
        yield HERS

    async def watch(exchange: Exchange) -> None:
        await exchange.until(2)
        seen.extend(exchange.messages)
        go.set()
        await exchange.until(3)

    exchange = await asked(Scripted((VIEWER, first), script, ExecutionResult({})), during=watch)
    assert len(seen) == 2
    assert seen[1].endswith(b'"hasNext":true}\r\n---')
    assert len(exchange.messages) == 3


def unzipped(encoding: str, messages: list[bytes]) -> list[bytes]:
    """What a client can read after each message."""
    reader: Any = zlib.decompressobj(31) if encoding == "gzip" else zstandard.ZstdDecompressor().decompressobj()
    return [reader.decompress(message) for message in messages]


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
async def test_compression_holds_no_part_back(encoding: str) -> None:
    plain = await asked(scripted(HERS))
    exchange = await asked(scripted(HERS), accept_encoding=encoding)
    assert exchange.headers["content-encoding"] == encoding
    assert unzipped(encoding, exchange.messages) == plain.messages


async def test_a_client_that_leaves_stops_the_parts() -> None:
    async def script() -> AsyncGenerator[Part, None]:
        await asyncio.sleep(30)
        yield HERS

    executor = following(script)
    await asked(executor, during=lambda exchange: exchange.until(1))
    assert executor.ended.is_set()


async def test_parts_are_read_to_their_end_before_the_last_is_sent() -> None:
    closed: list[str] = []

    async def script() -> AsyncGenerator[Part, None]:
        yield HERS
        await asyncio.sleep(0.01)
        closed.append("in order")

    executor = following(script)
    exchange = await asked(executor, during=lambda exchange: exchange.until(2))
    assert (closed, executor.ended.is_set(), exchange.payloads[1]["hasNext"]) == (["in order"], True, False)


async def test_a_slow_reader_does_not_hold_the_parts_up() -> None:
    executor = scripted(HERS)

    async def before_the_first_is_taken(exchange: Exchange) -> None:
        async with exchange.more:
            await asyncio.wait_for(executor.ended.wait(), 5)
            assert exchange.messages == []

    await asked(executor, during=before_the_first_is_taken)


BROKEN = {"code": "INTERNAL", "requestId": "request-1"}


async def failing() -> AsyncGenerator[Part, None]:
    for part in [HERS][:0]:
        yield part
    raise ValueError("password=hunter2")


async def ending_early() -> AsyncGenerator[Part, None]:
    for part in [HERS][:0]:
        yield part


@pytest.mark.parametrize("script", [failing, ending_early])
async def test_parts_that_break_off_end_with_a_masked_error(script: Script) -> None:
    new = await asked(following(script), x_request_id="request-1")
    old = await asked(following(script), accept=APOLLO_3, x_request_id="request-1")
    error = {"message": "Internal error", "extensions": BROKEN}
    assert new.payloads[1:] == [{"completed": [{"id": "0", "errors": [error]}], "hasNext": False}]
    assert old.payloads[1:] == [{"errors": [error], "hasNext": False}]


async def test_what_was_ready_before_a_failure_is_delivered() -> None:
    async def script() -> AsyncGenerator[Part, None]:
        yield StreamedPart(pending=NODES, index=1, items=[{"id": "b"}], completed=False)
        raise ValueError

    exchange = await asked(Scripted((NODES,), script, ExecutionResult(LISTED)), accept=APOLLO_3)
    assert exchange.payloads[1] == {
        "incremental": [{"items": [{"id": "b"}], "path": ["customers", "nodes", 1]}],
        "hasNext": True,
    }
    assert exchange.payloads[2]["errors"][0]["extensions"]["code"] == "INTERNAL"


async def test_the_time_of_a_request_covers_its_parts() -> None:
    async def script() -> AsyncGenerator[Part, None]:
        await asyncio.sleep(30)
        yield HERS

    executor = following(script)
    exchange = await asked(executor, options=Options(request_seconds=0.05))
    [completed] = exchange.payloads[1]["completed"]
    assert (completed["id"], completed["errors"][0]["extensions"]["code"]) == ("0", "TIMEOUT")
    assert executor.ended.is_set()


@pytest.mark.parametrize(
    "query",
    [
        "mutation { ... @defer { slowly(seconds: 1) } }",
        "{ hello @stream }",
        '{ ...A @defer(label: "x") ... @defer(label: "x") { viewer } } fragment A on Query { hello }',
        "query Q($label: String) { ... @defer(label: $label) { viewer } }",
        "{ hello @defer }",
    ],
)
async def test_directives_in_the_wrong_place_are_refused(query: str) -> None:
    executor = scripted(HERS)
    exchange = await asked(executor, query=query)
    assert executor.increments == []
    assert b"GRAPHQL_VALIDATION_FAILED" in exchange.body
