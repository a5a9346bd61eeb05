"""Subscriptions: events of a root field's source, each of which is answered by itself."""

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from typing import Any

from graphql import ExecutionResult, located_error
from graphql.pyutils import inspect, is_awaitable

from execution.planning.plan import FieldPlan
from execution.running.roots import Roots


class Answers(AsyncIterator[ExecutionResult]):
    """The answers to the events of a source, one after the other. Closed, it closes the source, begun or not."""

    def __init__(self, source: AsyncIterable[Any], answer: Callable[[Any], Awaitable[ExecutionResult]]) -> None:
        self._events = aiter(source)
        self._answer = answer

    async def __anext__(self) -> ExecutionResult:
        return await self._answer(await anext(self._events))

    async def aclose(self) -> None:
        """Ask for no further event."""
        close = getattr(self._events, "aclose", None)
        if close is not None:
            await close()


async def event_stream(field: FieldPlan, roots: Roots) -> AsyncIterable[Any]:
    """The source of a root field's events (CreateSourceEventStream()); raises a located `GraphQLError`."""
    try:
        return await _subscribed(field, roots)
    except Exception as error:
        raise located_error(error, field.nodes, [field.key]) from error


async def _subscribed(field: FieldPlan, roots: Roots) -> AsyncIterable[Any]:
    """What the field's `subscribe` gives; raises where that is no stream."""
    subscribe = field.definition.subscribe
    if subscribe is None:
        raise TypeError(f"{field.name} has no source of events.")
    stream = roots.called(subscribe, field)
    stream = await stream if is_awaitable(stream) else stream
    if isinstance(stream, Exception):
        raise stream
    if not isinstance(stream, AsyncIterable):
        raise TypeError(f"Subscription field must return AsyncIterable. Received: {inspect(stream)}.")
    return stream
