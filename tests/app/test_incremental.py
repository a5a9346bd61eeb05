"""Answers in parts over HTTP, as the application gives them."""

import json
from typing import Any

from tests.support.app import Running
from tests.support.world import World

ACCEPT = "multipart/mixed;incrementalSpec=v0.2,application/graphql-response+json,application/json;q=0.9"


async def asked(client: Running, query: str, **variables: Any) -> tuple[int, str, list[Any]]:
    """The status, the content type, and the payloads."""
    owner = await client.as_("owner@alder.example")
    answer = await owner.http.post(
        "/graphql", json={"query": query, "variables": variables}, headers=owner.headers | {"accept": ACCEPT}
    )
    kind = answer.headers["content-type"].partition(";")[0]
    bodies = answer.text.split("\r\n---")[1:-1] if kind == "multipart/mixed" else [answer.text]
    return answer.status_code, kind, [json.loads(body.rpartition("\r\n\r\n")[2]) for body in bodies]


async def test_a_deferred_fragment_comes_after_the_rest(client: Running, world: World) -> None:
    status, kind, payloads = await asked(client, "{ viewer { role ... @defer { tenant { name } } } }")
    assert (status, kind) == (200, "multipart/mixed")
    assert payloads == [
        {
            "data": {"viewer": {"role": "TENANT_OWNER"}},
            "pending": [{"id": "0", "path": ["viewer"]}],
            "hasNext": True,
        },
        {
            "incremental": [{"id": "0", "data": {"tenant": {"name": "Alder & Finch"}}}],
            "completed": [{"id": "0"}],
            "hasNext": False,
        },
    ]


async def test_an_initial_count_that_is_none_is_refused(client: Running, world: World) -> None:
    query = "query($n: Int) { tickets(first: 1) { nodes @stream(initialCount: $n) { id } } }"
    status, kind, [refused] = await asked(client, query, n=-1)
    assert (status, kind) == (400, "application/graphql-response+json")
    assert refused["errors"][0]["extensions"] == {"code": "BAD_USER_INPUT", "argument": "initialCount"}
