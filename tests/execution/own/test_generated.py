"""Generated operations on the schema of its own: whole answers are those of graphql-core, errors included."""

from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from hypothesis_graphql import nodes, queries

from tests.execution.own.library import Library
from tests.execution.own.sdl import SDL

ROOTS = ("authors", "books", "nodes", "things", "grid", "guest", "number", "echo", "fails", "failsRequired")
FAILING = ("raising", "dividing", "dividingRequired", "bookPage")
"""Fields whose errors are told otherwise by the oracle, or that want arguments that go together."""


def _sdl() -> str:
    lines = [line for line in SDL.splitlines() if line.strip().partition(":")[0].partition("(")[0] not in FAILING]
    return "\n".join(lines)


SCALARS: Any = {
    "Money": st.sampled_from(["0", "5", "20.00"]).map(nodes.String),
    "Instant": st.just("2020-01-02T03:04:05+00:00").map(nodes.String),
    "JSON": st.just("x").map(nodes.String),
}


async def test_generated_queries(library: Library) -> None:
    documents: list[str] = []

    @seed(20)
    @settings(max_examples=200, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(queries(_sdl(), fields=ROOTS, custom_scalars=SCALARS))
    def collect(document: str) -> None:
        documents.append(document)

    collect()
    for document in documents:
        await library.same(document)
