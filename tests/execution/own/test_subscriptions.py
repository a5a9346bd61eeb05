"""Subscriptions: each event is planned, of a snapshot of its own, and an error ends nothing but its event."""

from contextlib import aclosing
from typing import Any

import asyncpg
import pytest
from graphql import ExecutionResult, parse, subscribe

from execution.running.subscribing import Answers
from tests.execution.own.library import Library, operation, plain
from tests.execution.own.oracle import resolved
from tests.execution.own.streams import Streams

TOLD = """subscription ($names: [String!]!) { who: told(names: $names) { __typename name initial
    books { title reviews { words } } mentor { name } } }"""


@pytest.fixture
def streams(library: Library) -> Streams:
    """The sources of the planner's schema."""
    made = Streams()
    made.planned(library.schema)
    return made


async def answers(library: Library, document: str, **variables: Any) -> Any:
    """What the planner gives for a subscription."""
    return await library.executor.subscribe(operation(library.schema, document, variables), library.open_asker)


async def collected(given: Any) -> Any:
    """The answers of all events, as clients read them, or the only one."""
    if isinstance(given, ExecutionResult):
        return plain(given)
    async with aclosing(given) as open_answers:
        return [plain(each) async for each in open_answers]


async def same(library: Library, document: str, **variables: Any) -> Any:
    """The answers, which are those of graphql-core."""
    schema = resolved()
    Streams().resolved(schema)
    expected: Any = subscribe(schema, parse(document), variable_values=variables)
    found = await collected(await answers(library, document, **variables))
    assert found == await collected(await expected if hasattr(expected, "__await__") else expected)
    return found


async def test_each_event_is_answered_by_the_plan(library: Library, streams: Streams) -> None:
    found = await same(library, TOLD, names=["Ada", "Cy", "Dee"])
    assert [each["data"]["who"]["name"] for each in found] == ["Ada", "Cy", "Dee"]
    assert (library.executor.plans.misses, library.executor.plans.hits) == (1, 3)


async def test_an_error_in_one_event_does_not_end_the_others(library: Library, streams: Streams) -> None:
    found = await same(library, TOLD, names=["Ben", "Nobody", "Ada"])
    assert [each["data"] is None for each in found] == [False, True, False]
    assert [each["path"] for each in found[0]["errors"]] == [["who", "initial"]]
    assert [each["path"] for each in found[1]["errors"]] == [["who"]]


async def test_events_that_are_leaves(library: Library, streams: Streams) -> None:
    found = await same(library, "subscription { n: numbers(to: 3) }")
    assert [each["data"] for each in found] == [{"n": 1}, None, {"n": 3}]


async def test_an_event_that_has_the_field_itself(library: Library, streams: Streams) -> None:
    assert await same(library, "subscription { counted }") == [{"data": {"counted": 1}}, {"data": {"counted": None}}]


async def test_no_events(library: Library, streams: Streams) -> None:
    assert await same(library, TOLD, names=[]) == []


@pytest.mark.parametrize("field", ["never", "notAStream"])
async def test_an_error_before_the_first_event_is_the_answer(library: Library, streams: Streams, field: str) -> None:
    found = await same(library, f"subscription {{ it: {field} }}")
    assert found["data"] is None
    assert [each["path"] for each in found["errors"]] == [["it"]]


async def test_an_argument_that_is_refused_is_the_answer(library: Library, streams: Streams) -> None:
    found = await same(library, "subscription ($n: Int = 1) { numbers(to: $n) }", n=None)
    assert found["data"] is None
    assert streams.open == 0


async def test_arguments_are_coerced(library: Library, streams: Streams) -> None:
    found = await same(library, 'subscription ($n: [String!]! = "Ada") { told(names: $n) { name } }')
    assert found == [{"data": {"told": {"name": "Ada"}}}]


async def test_the_source_is_closed_when_nobody_wants_more(library: Library, streams: Streams) -> None:
    given = await answers(library, TOLD, names=["Ada", "Ben"])
    assert isinstance(given, Answers)
    async with aclosing(given):
        await anext(given)
        assert streams.open == 1
    assert streams.open == 0
    with pytest.raises(StopAsyncIteration):
        await anext(given)


async def test_answers_that_never_began_are_closed(library: Library, streams: Streams) -> None:
    given = await answers(library, TOLD, names=["Ada"])
    await given.aclose()
    with pytest.raises(StopAsyncIteration):
        await anext(given)


async def test_each_event_is_of_its_own_instant(library: Library, streams: Streams, pool: asyncpg.Pool) -> None:
    query = 'subscription { told(names: ["Dee", "Dee"]) { born } }'
    async with aclosing(await answers(library, query)) as given:
        before = (await anext(given)).data
        await pool.execute("UPDATE author SET born = 6 WHERE name = 'Dee'")
        try:
            after = (await anext(given)).data
        finally:
            await pool.execute("UPDATE author SET born = -5 WHERE name = 'Dee'")
    assert (before, after) == ({"told": {"born": -5}}, {"told": {"born": 6}})


async def test_nothing_is_held_between_events(library: Library, streams: Streams, pool: asyncpg.Pool) -> None:
    async with aclosing(await answers(library, TOLD, names=["Ada", "Ben"])) as given:
        assert pool.get_idle_size() == pool.get_size()
        await anext(given)
        assert pool.get_idle_size() == pool.get_size()


async def test_who_asks_for_the_source_is_not_who_asks_for_events(library: Library, streams: Streams) -> None:
    async with aclosing(await answers(library, TOLD, names=["Ada"])) as given:
        await anext(given)
    assert streams.askers[0] is not library.asker
    assert streams.askers[0].statements == []
