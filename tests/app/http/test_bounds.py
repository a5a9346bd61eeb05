"""Every input is bounded: bodies, JSON, documents, text."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.http.negotiation import GRAPHQL_RESPONSE, JSON
from execution.cost.limits import Limits
from tests.app.http.client import client, code
from tests.app.http.server import Options


async def test_a_body_over_the_size_is_413() -> None:
    async with client(Options(max_body_bytes=1000)) as bailiwick:
        answer = await bailiwick.ask("{ hello }", variables={"name": "x" * 1000})
    assert (answer.status_code, code(answer)) == (413, "LIMIT_EXCEEDED")


async def test_a_body_without_length_is_counted_as_it_comes() -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 100

    async with client(Options(max_body_bytes=1000)) as bailiwick:
        answer = await bailiwick.http.post("/graphql", content=endless(), headers={"content-type": JSON})
    assert (answer.status_code, code(answer)) == (413, "LIMIT_EXCEEDED")


async def test_a_body_that_comes_too_slowly_is_408() -> None:
    async def slow() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(30)
        yield b"}"

    async with client(Options(body_seconds=0.05)) as bailiwick:
        answer = await bailiwick.http.post("/graphql", content=slow(), headers={"content-type": JSON})
    assert (answer.status_code, code(answer)) == (408, "TIMEOUT")


@pytest.mark.parametrize(("depth", "expected"), [(100, "LIMIT_EXCEEDED"), (5000, "BAD_REQUEST")])
async def test_deeply_nested_json_is_refused(depth: int, expected: str) -> None:
    body = '{"query": "{ hello }", "variables": {"name": ' + "[" * depth + "]" * depth + "}}"
    async with client() as bailiwick:
        answer = await bailiwick.http.post("/graphql", content=body, headers={"content-type": JSON})
    assert (answer.status_code, code(answer)) == (200 if expected == "LIMIT_EXCEEDED" else 400, expected)


async def test_deeply_nested_json_in_a_get_is_refused() -> None:
    variables = '{"name": ' + "[" * 100 + "]" * 100 + "}"
    async with client() as bailiwick:
        answer = await bailiwick.http.get("/graphql", params={"query": "{ hello }", "variables": variables})
    assert code(answer) == "LIMIT_EXCEEDED"


@pytest.mark.parametrize(
    "query",
    [
        "{ customers { nodes " * 5000,
        "{ a " * 10_000 + "}" * 10_000,
        '{ hello(name: "x" times: ' + "[" * 10_000 + "]" * 10_000 + ") }",
        "{ hello(name: " + "{a: " * 10_000 + "1" + "}" * 10_000 + ") }",
        "query($a: " + "[" * 10_000 + "Int" + "]" * 10_000 + ") { hello }",
        "{ " + "... { " * 10_000 + "hello" + "}" * 10_001,
    ],
)
async def test_a_document_nested_10000_deep_is_refused(query: str) -> None:
    async with client(Options(max_tokens=100_000)) as bailiwick:
        answer = await bailiwick.ask(query)
    assert (answer.status_code, code(answer)) == (400, "LIMIT_EXCEEDED")


@pytest.mark.parametrize("opening", ["{", "[", "(", "{a:", "{a(b:[", "@a(b:{c:", "query($a:[", "...on A{"])
async def test_nested_nonsense_is_refused(opening: str) -> None:
    async with client(Options(max_tokens=100_000)) as bailiwick:
        answer = await bailiwick.ask(opening * 10_000)
    assert answer.status_code == 400
    assert code(answer) in {"GRAPHQL_PARSE_FAILED", "LIMIT_EXCEEDED"}


async def test_a_chain_of_fragments_does_not_exhaust_the_stack() -> None:
    steps = " ".join(
        f"fragment f{n} on Customer {{ customers(first: 1) {{ nodes {{ ...f{n + 1} }} }} }}" for n in range(400)
    )
    query = f"{{ customers(first: 1) {{ nodes {{ ...f0 }} }} }} {steps} fragment f400 on Customer {{ id }}"
    async with client(Options(max_tokens=100_000)) as bailiwick:
        answer = await bailiwick.ask(query)
    assert (answer.status_code, code(answer)) == (400, "LIMIT_EXCEEDED")


@pytest.mark.parametrize(
    ("query", "limits", "what"),
    [
        ("{ customers(first: 1) { nodes { id } } }", Limits(depth=2), "depth"),
        ("{ a: hello b: hello c: hello }", Limits(aliases=2), "aliases"),
        ("{ hello @skip(if: true) @include(if: true) }", Limits(directives=1), "directives"),
        ("{ hello viewer broken }", Limits(root_fields=2), "root_fields"),
        ("{ customers(first: 100) { nodes { id } } }", Limits(cost=99), "cost"),
    ],
)
async def test_each_limit_refuses_before_anything_runs(query: str, limits: Limits, what: str) -> None:
    async with client(Options(limits=limits)) as bailiwick:
        answer = await bailiwick.ask(query)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"], error["extensions"]["what"]) == (
        400,
        "LIMIT_EXCEEDED",
        what,
    )
    assert bailiwick.executor.seen.operations == []


async def test_cost_over_the_limit_names_the_cost_the_limit_and_the_most_expensive_field() -> None:
    query = "query($n: Int) { customers(first: 5) { nodes { id } } all: customers(first: $n) { edges: nodes { id } } }"
    async with client(Options(limits=Limits(cost=20))) as bailiwick:
        within = await bailiwick.ask(query, variables={"n": 15})
        over = await bailiwick.ask(query, variables={"n": 16})
    assert within.status_code == 200
    assert over.json()["errors"] == [
        {
            "message": "The cost of this request is 21; at most 20 is allowed. Most of it is asked for at all.edges.",
            "extensions": {
                "what": "cost",
                "limit": 20,
                "actual": 21,
                "field": ["all", "edges"],
                "code": "LIMIT_EXCEEDED",
            },
        }
    ]
    assert [operation.cost for operation in bailiwick.executor.seen.operations] == [20]


@pytest.mark.parametrize(
    "body",
    [
        "nodes { id customers(first: 1) { totalCount } } " * 300,
        " ".join("... { nodes { id } }" for _ in range(400)),
    ],
)
async def test_a_document_that_repeats_itself_is_refused_before_all_pairs_are_compared(body: str) -> None:
    async with client(Options(may_introspect=lambda _caller: True)) as bailiwick:
        answer = await bailiwick.ask(f"{{ customers(first: 1) {{ {body} }} }}")
    assert (answer.status_code, code(answer)) == (400, "GRAPHQL_VALIDATION_FAILED")
    assert "aborted" in answer.text


@pytest.mark.parametrize("query", ["{ hello " + "hello " * 50 + "}", "{ hello }" + "\n# note" * 60])
async def test_tokens_and_comments_are_limited(query: str) -> None:
    async with client(Options(max_tokens=50)) as bailiwick:
        answer = await bailiwick.ask(query)
    assert (answer.status_code, code(answer)) == (400, "LIMIT_EXCEEDED")


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("query($name: String) { hello(name: $name) }", {"name": "a\0b"}),
        ("query($name: String) { hello(name: $name) }", {"other": {"a\0": ["deep"]}}),
        ('{ hello(name: "a\0b") }', {}),
        ('{ hello(name: "a\\u0000b") }', {}),
        ('{ hello(name: "a\\u{0}b") }', {}),
        ('{ hello(name: """a\0b""") }', {}),
    ],
)
async def test_null_characters_are_refused_wherever_they_stand(query: str, variables: dict[str, object]) -> None:
    async with client() as bailiwick:
        answer = await bailiwick.ask(query, variables=variables)
    assert (answer.status_code, code(answer)) == (400, "BAD_USER_INPUT")
    assert bailiwick.executor.seen.operations == []


async def test_text_that_speaks_of_null_characters_is_fine() -> None:
    async with client() as bailiwick:
        answer = await bailiwick.ask("query($n: String) { hello(name: $n) }", variables={"n": "\\u0000"})
    assert answer.json() == {"data": {"hello": "Hello \\u0000"}}


@pytest.mark.parametrize(
    "path", ["/graphql?query=%ff%00{hello}", "/graphql?query={hello}&variables=%ED%A0%80", "/%ff%00"]
)
async def test_urls_that_are_no_text_give_no_internal_error(path: str) -> None:
    async with client() as bailiwick:
        answer = await bailiwick.http.get(path, headers={"accept": GRAPHQL_RESPONSE})
    assert answer.status_code == (404 if path == "/%ff%00" else 400)
