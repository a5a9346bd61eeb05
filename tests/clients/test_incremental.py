"""Answers in parts, as Apollo Client, urql and Relay read them."""

from dataclasses import replace
from typing import Any

import pytest

from tests.clients.conftest import Signed
from tests.clients.programs import HERE, emptied, package, run

pytestmark = pytest.mark.thorough
DETAILS = """query($first: Int!) { customers(first: $first) { nodes {
  id organizationName registeredAccount services(first: 2) { nodes { id } }
} } }"""
SIZE = 3


@pytest.fixture(scope="module")
def asked(staff: Signed) -> Signed:
    """Staff of a partner, and the first page of customers alone."""
    return replace(staff, ids=staff.ids[:SIZE], names=staff.names[:SIZE])


@pytest.fixture(scope="module")
def whole(asked: Signed) -> list[dict[str, Any]]:
    """The customers with their details, as an ordinary answer has them."""
    nodes: list[dict[str, Any]] = asked.platform.ask(asked.token, DETAILS, first=SIZE)["customers"]["nodes"]
    return nodes


def assert_deferred(seen: list[Any], whole: list[dict[str, Any]]) -> None:
    """At first the names alone; all of it in the end."""
    assert seen[0] == [{"id": each["id"], "organizationName": each["organizationName"]} for each in whole]
    assert len(seen) > 1
    assert seen[-1] == whole


def assert_streamed(seen: list[Any], asked: Signed) -> None:
    """At first one; all of them in the end."""
    assert seen[0] == asked.names[:1]
    assert seen[-1] == asked.names


def plain(value: Any) -> Any:
    """Without what clients add."""
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items() if key != "__typename"}
    return value


def names(seen: list[list[dict[str, Any]]]) -> list[list[str]]:
    return [[node["organizationName"] for node in nodes] for nodes in seen]


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("v0_2", 'multipart/mixed;boundary="-";incrementalSpec=v0.2'),
        ("v2022", 'multipart/mixed;boundary="-";deferSpec=20220824'),
    ],
)
def test_apollo_client_reads_parts(asked: Signed, whole: list[Any], name: str, content_type: str) -> None:
    told = run("apollo_parts.mjs", asked)[name]
    assert told["deferred"]["types"] == told["streamed"]["types"] == [content_type]
    assert_deferred(plain(told["deferred"]["seen"]), whole)
    assert_streamed(names(told["streamed"]["seen"]), asked)
    assert told["whole"]["types"] == ["application/graphql-response+json; charset=utf-8"]
    assert plain(told["whole"]["seen"]) == [whole]


def test_urql_reads_parts(asked: Signed, whole: list[Any]) -> None:
    told = run("urql_parts.mjs", asked)
    assert_deferred(plain(told["deferred"]), whole)
    assert_deferred(plain(told["deferredByGet"]), whole)
    assert_streamed(names(told["streamed"]), asked)


def test_relay_compiles_the_directives_and_reads_parts(asked: Signed, whole: list[Any]) -> None:
    emptied(HERE / "relay_parts" / "generated")
    package("relay-compiler/cli.js", "relay.config.json", folder=HERE / "relay_parts")
    told = run("relay_parts/run.mjs", asked)
    assert told["warnings"] == []
    assert_deferred(told["deferred"], whole)
    assert_streamed(told["streamed"], asked)
