"""Errors of answers in parts: they have their paths from the root, and a null goes no further than its part."""

from typing import Any

import pytest

from authz.actor import Actor
from execution.parts.incremental import DeferredPart, Pending, StreamedPart
from tests.support.app import Running
from tests.support.parts import Asked, InParts, plain
from tests.support.world import World

REFUSED = "Your role does not allow this."
SIZE = "`first` must be between 1 and 100."


@pytest.fixture
async def user(client: Running, in_parts: InParts, world: World) -> Actor:
    """Somebody with one ticket, who may not do much."""
    return await in_parts.actor(await client.as_("user@alder.example"))


def parts(asked: Asked) -> list[tuple[Any, Any]]:
    """For each part its label and what it has."""
    return [
        (part.pending.label, plain(part.data if isinstance(part, DeferredPart) else part.items)) for part in asked.parts
    ]


async def test_a_part_that_may_not_be_read_is_null_beside_those_that_may(in_parts: InParts, user: Actor) -> None:
    query = """{ viewer { role } ... @defer(label: "refused") { auditEvents(first: 1) { nodes { id } } }
        ... @defer(label: "read") { viewer { name } } }"""
    asked = await in_parts.ask(user, query)
    assert (asked.initial.data, asked.initial.errors) == ({"viewer": {"role": "STANDARD_USER"}}, None)
    name = (await in_parts.whole(user, "{ viewer { name } }"))["viewer"]["name"]
    assert parts(asked) == [("refused", None), ("read", {"viewer": {"name": name}})]
    assert asked.errors == [(("auditEvents",), REFUSED)]


async def test_a_nullable_field_of_a_part_is_null_alone(in_parts: InParts, user: Actor) -> None:
    query = """{ viewer { tenant { ... @defer(label: "t") { name tickets(first: 200) { nodes { id } } } } } }"""
    asked = await in_parts.ask(user, query)
    assert parts(asked) == [("t", {"name": "Alder & Finch", "tickets": None})]
    assert asked.errors == [(("viewer", "tenant", "tickets"), SIZE)]


async def test_a_null_goes_up_to_its_fragment(in_parts: InParts, user: Actor) -> None:
    query = """{ tickets(first: 1) { nodes { summary
        ... @defer(label: "bad") { summary conversation(first: 200) { nodes { id } } }
        ... @defer(label: "good") { summary } } } }"""
    asked = await in_parts.ask(user, query)
    kept = {"summary": "The backup stops"}
    assert asked.initial.data == {"tickets": {"nodes": [kept]}}
    assert parts(asked) == [("bad", None), ("good", kept)]
    assert asked.errors == [(("tickets", "nodes", 0, "conversation"), SIZE)]


async def test_what_became_null_announces_nothing(in_parts: InParts, user: Actor) -> None:
    query = """{ viewer { tenant { name ... @defer(label: "t") { tickets(first: 1) { nodes {
        ... @defer(label: "n") { number } conversation(first: 200) { nodes { id } } } } } } } }"""
    asked = await in_parts.ask(user, query)
    assert parts(asked) == [("t", {"tickets": None})]
    assert asked.parts[0].announced == ()
    assert asked.errors == [(("viewer", "tenant", "tickets", "nodes", 0, "conversation"), SIZE)]


async def test_what_became_null_in_the_initial_part_is_not_pending(in_parts: InParts, user: Actor) -> None:
    query = """{ viewer { tenant { name ... @defer(label: "t") { id } tickets(first: 1) { nodes @stream {
        number } edges { node { ... @defer { number } conversation(first: 200) { nodes { id } } } } } } } }"""
    asked = await in_parts.ask(user, query)
    assert asked.initial.data == {"viewer": {"tenant": {"name": "Alder & Finch", "tickets": None}}}
    assert asked.pending == (Pending("0", ("viewer", "tenant"), "t"),)
    assert asked.errors == [(("viewer", "tenant", "tickets", "edges", 0, "node", "conversation"), SIZE)]


async def test_without_initial_data_there_are_no_parts(in_parts: InParts, user: Actor) -> None:
    asked = await in_parts.ask(user, "{ auditEvents(first: 1) { nodes { id } } ... @defer { viewer { name } } }")
    assert (asked.initial.data, asked.pending, asked.parts) == (None, (), [])
    assert asked.errors == [(("auditEvents",), REFUSED)]


async def test_a_null_item_of_a_list_that_has_none_ends_the_list(in_parts: InParts, user: Actor) -> None:
    query = '{ tickets(first: 1) { nodes @stream(label: "s") { conversation(first: 200) { nodes { id } } } } }'
    asked = await in_parts.ask(user, query)
    assert asked.initial.data == {"tickets": {"nodes": []}}
    [part] = asked.parts
    assert isinstance(part, StreamedPart)
    assert (part.index, part.items, part.completed, part.announced) == (0, None, True, ())
    assert asked.errors == [(("tickets", "nodes", 0, "conversation"), SIZE)]


async def test_a_null_item_of_a_list_that_may_have_some_stays(in_parts: InParts, user: Actor, world: World) -> None:
    query = "query($ids: [ID!]!) { nodes(ids: $ids) @stream(initialCount: 1) { id ... @defer { id } } }"
    known, unknown = f"tenant_{world.alder.tenant.hex}", f"tenant_{0:032}"
    asked = await in_parts.ask(user, query, ids=[known, unknown, known])
    assert asked.initial.data == {"nodes": [{"id": known}]}
    rest = next(part for part in asked.parts if isinstance(part, StreamedPart))
    assert (rest.items, [each.path for each in rest.announced]) == ([None, {"id": known}], [("nodes", 2)])
    assert [path for path, _ in asked.errors] == [("nodes", 1)]
