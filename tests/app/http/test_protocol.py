"""GraphQL over HTTP: methods, media types, parameters and status codes."""

from typing import Any

import pytest

from app.http.negotiation import GRAPHQL_RESPONSE, JSON
from tests.app.http.client import client, code
from tests.app.http.server import Options

HELLO = {"query": "{ hello }"}


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (GRAPHQL_RESPONSE, GRAPHQL_RESPONSE),
        (JSON, JSON),
        ("*/*", JSON),
        ("application/*;q=0.5", JSON),
        ("application/graphql-response+json, application/json;q=0.9", GRAPHQL_RESPONSE),
        ("application/json, application/graphql-response+json;q=0.5", JSON),
        ("text/html, application/json;q=0.1", JSON),
        ("", JSON),
    ],
)
async def test_the_answer_has_the_media_type_that_the_client_prefers(accept: str, expected: str) -> None:
    async with client() as bailiwick:
        answer = await bailiwick.http.post("/graphql", json=HELLO, headers={"accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == f"{expected}; charset=utf-8"
    assert "Accept" in answer.headers["vary"]
    assert answer.json() == {"data": {"hello": "Hello world"}}


@pytest.mark.parametrize("accept", ["text/csv", "application/json;q=0", "application/xml, image/png"])
async def test_an_accept_header_without_our_media_types_is_406(accept: str) -> None:
    async with client() as bailiwick:
        answer = await bailiwick.http.post("/graphql", json=HELLO, headers={"accept": accept})
    assert (answer.status_code, code(answer)) == (406, "NOT_ACCEPTABLE")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/graphql", ""])
async def test_a_body_that_is_not_json_is_415(content_type: str) -> None:
    async with client() as bailiwick:
        answer = await bailiwick.http.post(
            "/graphql", content=b'{"query":"{ hello }"}', headers={"content-type": content_type}
        )
    assert (answer.status_code, code(answer)) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "application/json; charset=utf-16"},
        {"content-type": "application/json", "content-encoding": "gzip"},
    ],
)
async def test_json_in_another_charset_or_compressed_is_415(headers: dict[str, str]) -> None:
    async with client() as bailiwick:
        answer = await bailiwick.http.post("/graphql", content=b"{}", headers=headers)
    assert (answer.status_code, code(answer)) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"1",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b"{}",
        b'{"query": 1}',
        b'{"query": null}',
        b'{"query": "{ hello }", "variables": [1]}',
        b'{"query": "{ hello }", "operationName": {}}',
        b'{"query": "{ hello }", "extensions": "x"}',
        b'{"query": "{ hello }", "variables": {"name": "\\ud800"}}',
    ],
)
async def test_a_body_that_is_no_graphql_request_is_400_with_every_media_type(body: bytes) -> None:
    async with client() as bailiwick:
        for accept in (JSON, GRAPHQL_RESPONSE):
            answer = await bailiwick.http.post(
                "/graphql", content=body, headers={"content-type": JSON, "accept": accept}
            )
            assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")
            assert "data" not in answer.json()
    assert bailiwick.executor.seen.operations == []


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_other_methods_are_405(method: str) -> None:
    async with client() as bailiwick:
        answer = await bailiwick.http.request(method, "/graphql", json=HELLO)
    assert (answer.status_code, answer.headers["allow"], code(answer)) == (405, "GET, POST", "METHOD_NOT_ALLOWED")


async def test_get_runs_a_query_with_its_variables_and_operation() -> None:
    async with client() as bailiwick:
        answer = await bailiwick.http.get(
            "/graphql",
            params={
                "query": "query A($name: String) { hello(name: $name) } query B { viewer }",
                "operationName": "A",
                "variables": '{"name": "Ålesund"}',
            },
        )
    assert (answer.status_code, answer.json()) == (200, {"data": {"hello": "Hello Ålesund"}})


@pytest.mark.parametrize("accept", [JSON, GRAPHQL_RESPONSE])
async def test_get_runs_no_mutation(accept: str) -> None:
    async with client() as bailiwick:
        answer = await bailiwick.http.get(
            "/graphql", params={"query": 'mutation { rename(name: "x") }'}, headers={"accept": accept}
        )
    assert (answer.status_code, answer.headers["allow"], code(answer)) == (405, "POST", "METHOD_NOT_ALLOWED")
    assert bailiwick.executor.seen.operations == []


@pytest.mark.parametrize("variables", ["nope", "[1]", '"x"'])
async def test_get_with_variables_that_are_no_json_object_is_400(variables: str) -> None:
    async with client() as bailiwick:
        answer = await bailiwick.http.get("/graphql", params={"query": "{ hello }", "variables": variables})
    assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize(
    ("query", "rest", "status", "expected"),
    [
        ("{", {}, 400, "GRAPHQL_PARSE_FAILED"),
        ("", {}, 400, "GRAPHQL_PARSE_FAILED"),
        ('{ hello(name: "\\uD800") }', {}, 400, "GRAPHQL_PARSE_FAILED"),
        ("{ nope }", {}, 400, "GRAPHQL_VALIDATION_FAILED"),
        ("{ ...gone }", {}, 400, "GRAPHQL_VALIDATION_FAILED"),
        ("query($n: Int!) { hello(times: $n) }", {}, 400, "BAD_USER_INPUT"),
        ("query($n: Int!) { hello(times: $n) }", {"variables": {"n": "x"}}, 400, "BAD_USER_INPUT"),
        ("query A { hello } query B { hello }", {}, 422, "OPERATION_RESOLUTION_FAILURE"),
        ("query A { hello }", {"operationName": "C"}, 422, "OPERATION_RESOLUTION_FAILURE"),
        ("fragment f on Query { hello }", {}, 422, "OPERATION_RESOLUTION_FAILURE"),
    ],
)
async def test_a_request_that_cannot_run_has_a_code_and_no_data(
    query: str, rest: dict[str, Any], status: int, expected: str
) -> None:
    async with client() as bailiwick:
        modern = await bailiwick.ask(query, **rest)
        legacy = await bailiwick.ask(query, accept=JSON, **rest)
    assert (modern.status_code, legacy.status_code) == (status, 200)
    assert code(modern) == expected
    assert modern.json() == legacy.json()
    assert "data" not in modern.json()
    assert bailiwick.executor.seen.operations == []


async def test_data_with_errors_is_294_and_200_for_legacy_clients() -> None:
    async with client() as bailiwick:
        modern = await bailiwick.ask("{ hello refused }")
        legacy = await bailiwick.ask("{ hello refused }", accept=JSON)
    assert (modern.status_code, legacy.status_code) == (294, 200)
    assert modern.json()["data"] == {"hello": "Hello world", "refused": None}


async def test_data_that_is_null_as_a_whole_stands_in_the_answer() -> None:
    async with client() as bailiwick:
        answer = await bailiwick.ask("{ breaksWhole }")
    assert (answer.status_code, answer.json()["data"]) == (294, None)


async def test_bad_credentials_are_401_before_anything_runs() -> None:
    async with client() as bailiwick:
        for accept in (JSON, GRAPHQL_RESPONSE):
            answer = await bailiwick.ask("{ hello }", as_="forged", accept=accept)
            assert (answer.status_code, code(answer)) == (401, "UNAUTHENTICATED")
            assert answer.headers["www-authenticate"].startswith("Bearer")
            assert "data" not in answer.json()
    assert bailiwick.executor.seen.operations == []


async def test_the_executor_decides_about_callers_without_credentials() -> None:
    async with client() as bailiwick:
        answer = await bailiwick.ask("{ viewer }")
    assert (answer.json()["data"], code(answer)) == ({"viewer": None}, "UNAUTHENTICATED")


async def test_the_executor_gets_the_operation_with_its_coerced_variables_and_cost() -> None:
    async with client() as bailiwick:
        await bailiwick.ask(
            "query Q($n: Int = 2) { customers(first: 50) { nodes { id } } hello(times: $n) }",
            variables={"other": 1},
            as_="staff",
        )
    (operation,) = bailiwick.executor.seen.operations
    assert (operation.cost, operation.kind.value, operation.operation_name) == (50, "query", None)
    assert (dict(operation.variables), dict(operation.coerced_variables)) == ({"other": 1}, {"n": 2})


async def test_a_document_is_parsed_once() -> None:
    async with client() as bailiwick:
        await bailiwick.ask("query($name: String) { hello(name: $name) }", variables={"name": "a"})
        await bailiwick.ask("query($name: String) { hello(name: $name) }", variables={"name": "b"})
    first, second = bailiwick.executor.seen.operations
    assert first.document is second.document


async def test_subscriptions_are_refused() -> None:
    async with client() as bailiwick:
        answer = await bailiwick.ask("subscription { ticks }")
    assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")


async def test_batches_are_off_by_default() -> None:
    async with client() as bailiwick:
        answer = await bailiwick.http.post("/graphql", json=[HELLO])
    assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")


async def test_a_batch_answers_in_order_each_for_itself() -> None:
    async with client(Options(max_batch=2)) as bailiwick:
        answer = await bailiwick.http.post("/graphql", json=[HELLO, {"query": "{ nope }"}])
    first, second = answer.json()
    assert (answer.status_code, first) == (200, {"data": {"hello": "Hello world"}})
    assert second["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"


@pytest.mark.parametrize("size", [0, 3])
async def test_a_batch_of_the_wrong_size_is_refused_whole(size: int) -> None:
    async with client(Options(max_batch=2)) as bailiwick:
        answer = await bailiwick.http.post("/graphql", json=[HELLO] * size)
    assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")
    assert bailiwick.executor.seen.operations == []
