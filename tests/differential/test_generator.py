"""The generator, the shrinker and the bookkeeping themselves: a proof is as good as its tools."""

from pathlib import Path

import pytest

from tests.differential import test_queries
from tests.differential.coverage import Coverage, reachable
from tests.differential.pool import Pool
from tests.differential.queries import Query, query
from tests.differential.shrink import smallest
from tests.differential.test_queries import CHUNKS, QUERIES, assert_far_reaching, completed
from tests.support.schema import SCHEMA

POOL = Pool(seen={"ticket": ["ticket_" + "0" * 32]}, words={"customer": ["Alder"]})
LARGE = """
query Asked($first: Int!, $kept: Boolean! = true) {
  viewer { ...Person tenant { name } }
  customers(first: $first, search: "a") { totalCount nodes { ... on Customer { tags notes @include(if: $kept) } } }
}
fragment Person on Viewer { name email }
"""


def test_a_seed_always_makes_the_same_query() -> None:
    assert [query(str(seed), POOL) for seed in range(20)] == [query(str(seed), POOL) for seed in range(20)]


def test_seeds_make_different_queries() -> None:
    assert len({query(str(seed), POOL).document for seed in range(50)}) == 50


def test_as_many_queries_are_asked_as_are_wanted() -> None:
    assert sum(end - first for _, first, end in CHUNKS) >= QUERIES * 99 // 100


async def test_the_smallest_query_is_told() -> None:
    async def wrong(candidate: Query) -> bool:
        return "notes" in candidate.document

    least = await smallest(Query(LARGE, {"first": 3, "kept": True}, "Asked"), wrong)

    expected = "query Asked { customers { nodes { ... on Customer { notes } } } }"
    assert (" ".join(least.document.split()), least.variables) == (expected, {})


def test_what_is_reachable_is_so_by_interfaces_too() -> None:
    assert {"TicketMessage.body", "AuditEvent.before", "Query.node"} <= reachable(SCHEMA.query_type)
    assert "CustomerPinPayload.customer" not in reachable(SCHEMA.query_type)
    assert "ConflictError.currentVersion" in reachable(SCHEMA.mutation_type)


def test_null_and_nothing_are_no_answers() -> None:
    document = (
        "{ viewer { id name } ...Rest } fragment Rest on Query { node(id: 1) { __typename ... on Tenant { name } } }"
    )
    answer = {"viewer": {"id": "1", "name": ""}, "node": {"__typename": "Tenant", "name": None}}
    coverage = Coverage()
    coverage.add(document, None, {"data": answer, "errors": [{"extensions": {"code": "X"}}]})
    assert set(coverage.answered) == {"Query.viewer", "Viewer.id", "Query.node"}
    assert (coverage.codes, coverage.depths, coverage.nulls) == ({"X": 1}, [2], 1)


def test_the_last_chunk_to_finish_gets_the_coverage_of_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(test_queries, "CHUNKS", [("a", 0, 1), ("b", 0, 1)])
    coverage = Coverage(operations=1, depths=[3])
    coverage.answered.update(["Viewer.id"])

    assert completed(tmp_path, coverage, "a-0") is None
    together = completed(tmp_path, coverage, "b-0")

    assert together is not None
    assert (together.operations, together.answered, together.depths) == (2, {"Viewer.id": 2}, [3, 3])


def test_queries_that_reach_little_do_not_pass() -> None:
    with pytest.raises(AssertionError):
        assert_far_reaching(Coverage())
