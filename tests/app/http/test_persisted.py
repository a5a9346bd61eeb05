"""Automatic persisted queries: a hash stands for a document that was valid once."""

import json
from hashlib import sha256
from typing import Any

import httpx
import pytest

from app.http.documents import LEAST_WEIGHT
from app.http.negotiation import GRAPHQL_RESPONSE, JSON
from execution.cost.limits import Limits
from tests.app.http.client import Client, client, code
from tests.app.http.server import Options

QUERY = "query Greet($name: String) { hello(name: $name) }"
NOT_FOUND = {"errors": [{"message": "PersistedQueryNotFound", "extensions": {"code": "PERSISTED_QUERY_NOT_FOUND"}}]}


def hashed(query: str) -> str:
    return sha256(query.encode()).hexdigest()


def extensions(query: str) -> dict[str, Any]:
    """What the links send."""
    return {"persistedQuery": {"version": 1, "sha256Hash": hashed(query)}}


async def by_hash(bailiwick: Client, query: str, *, accept: str = GRAPHQL_RESPONSE, **rest: Any) -> httpx.Response:
    """Ask without the text."""
    body = {"extensions": extensions(query), **rest}
    return await bailiwick.http.post("/graphql", json=body, headers={"accept": accept})


@pytest.mark.parametrize("accept", [JSON, GRAPHQL_RESPONSE])
async def test_an_unknown_hash_is_told_with_status_200(accept: str) -> None:
    async with client() as bailiwick:
        answer = await by_hash(bailiwick, QUERY, accept=accept)
    assert (answer.status_code, answer.json()) == (200, NOT_FOUND)
    assert bailiwick.executor.seen.operations == []


async def test_a_document_that_came_with_its_hash_is_known_by_it() -> None:
    async with client() as bailiwick:
        registered = await bailiwick.ask(QUERY, extensions=extensions(QUERY), variables={"name": "a"})
        answer = await by_hash(bailiwick, QUERY, variables={"name": "b"})
    assert registered.json() == {"data": {"hello": "Hello a"}}
    assert answer.json() == {"data": {"hello": "Hello b"}}
    first, second = bailiwick.executor.seen.operations
    assert (second.document is first.document, second.node is first.node) == (True, True)
    assert second.document_hash == hashed(QUERY)


async def test_a_document_that_came_without_its_hash_is_known_by_it_too() -> None:
    async with client() as bailiwick:
        await bailiwick.ask("{ hello }")
        answer = await by_hash(bailiwick, "{ hello }")
    assert answer.json() == {"data": {"hello": "Hello world"}}


@pytest.mark.parametrize("wrong", [hashed("{ viewer }"), hashed(QUERY).upper(), "", "x"])
async def test_a_document_with_the_hash_of_another_is_400_and_registers_nothing(wrong: str) -> None:
    async with client() as bailiwick:
        for accept in (JSON, GRAPHQL_RESPONSE):
            sent = {"persistedQuery": {"version": 1, "sha256Hash": wrong}}
            answer = await bailiwick.ask(QUERY, accept=accept, extensions=sent)
            assert (answer.status_code, code(answer)) == (400, "PERSISTED_QUERY_MISMATCH")
        unknown = await by_hash(bailiwick, QUERY)
    assert unknown.json() == NOT_FOUND
    assert bailiwick.executor.seen.operations == []


@pytest.mark.parametrize(
    "persisted",
    [
        1,
        [],
        "x",
        {},
        {"version": 1},
        {"sha256Hash": "x"},
        {"version": 2, "sha256Hash": "x"},
        {"version": 1, "sha256Hash": 5},
        {"version": "1", "sha256Hash": "x"},
    ],
)
async def test_extensions_that_no_link_sends_are_400(persisted: Any) -> None:
    async with client() as bailiwick:
        answer = await bailiwick.ask("{ hello }", extensions={"persistedQuery": persisted})
    assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("query", ["{", "{ nope }", "{ customers(first: 100) { nodes { id } } }"])
async def test_a_document_that_cannot_run_is_not_registered(query: str) -> None:
    async with client(Options(limits=Limits(cost=99))) as bailiwick:
        await bailiwick.ask(query, extensions=extensions(query))
        answer = await by_hash(bailiwick, query)
    assert answer.json() == NOT_FOUND


async def test_the_one_used_longest_ago_is_forgotten() -> None:
    async with client(Options(document_cache=2 * LEAST_WEIGHT)) as bailiwick:
        for query in ("{ hello }", "{ viewer }"):
            await bailiwick.ask(query)
        await by_hash(bailiwick, "{ hello }")
        await bailiwick.ask("{ __typename }")
        kept, forgotten = await by_hash(bailiwick, "{ hello }"), await by_hash(bailiwick, "{ viewer }")
    assert (kept.json(), forgotten.json()) == ({"data": {"hello": "Hello world"}}, NOT_FOUND)


async def test_get_runs_a_query_by_its_hash() -> None:
    sent = {"extensions": json.dumps(extensions(QUERY))}
    async with client() as bailiwick:
        unknown = await bailiwick.http.get("/graphql", params=sent)
        registered = await bailiwick.http.get("/graphql", params=sent | {"query": QUERY})
        answer = await bailiwick.http.get("/graphql", params=sent | {"variables": '{"name": "Ada"}'})
    assert (unknown.status_code, unknown.json()) == (200, NOT_FOUND)
    assert registered.status_code == 200
    assert answer.json() == {"data": {"hello": "Hello Ada"}}


async def test_get_runs_no_mutation_by_its_hash() -> None:
    mutation = 'mutation { rename(name: "x") }'
    async with client() as bailiwick:
        await bailiwick.ask(mutation)
        sent = {"extensions": json.dumps(extensions(mutation))}
        answer = await bailiwick.http.get("/graphql", params=sent)
    assert (answer.status_code, code(answer)) == (405, "METHOD_NOT_ALLOWED")
    assert len(bailiwick.executor.seen.operations) == 1


async def test_each_request_of_a_batch_is_looked_up_for_itself() -> None:
    wrong = {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}
    sent = [
        {"extensions": extensions("{ hello }")},
        {"query": "{ hello }", "extensions": extensions("{ hello }")},
        {"extensions": extensions("{ hello }")},
        {"query": "{ hello }", "extensions": wrong},
    ]
    async with client(Options(max_batch=4)) as bailiwick:
        answer = await bailiwick.http.post("/graphql", json=sent)
    first, second, third, fourth = answer.json()
    assert (answer.status_code, first) == (200, NOT_FOUND)
    assert second == third == {"data": {"hello": "Hello world"}}
    assert fourth["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_MISMATCH"


async def test_who_may_not_introspect_may_not_by_hash() -> None:
    query = "{ __schema { description } }"
    async with client() as bailiwick:
        await bailiwick.ask(query, as_="staff")
        refused = await by_hash(bailiwick, query)
    assert (refused.status_code, code(refused)) == (403, "INTROSPECTION_DISABLED")


async def test_an_identifier_is_none_here() -> None:
    async with client() as bailiwick:
        await bailiwick.ask("{ hello }")
        answer = await bailiwick.http.post("/graphql", json={"documentId": hashed("{ hello }")})
    assert (answer.status_code, code(answer)) == (400, "BAD_REQUEST")
