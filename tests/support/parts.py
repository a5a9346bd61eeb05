"""Answers in parts as the application makes them, and how they are compared with the reference."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import ExecutionResult, parse, print_ast

from app.http.operation import Operation
from app.http.options import HttpOptions
from app.http.parameters import Parameters
from app.http.prepare import Preparation
from app.operations import Operations
from app.sign_in.callers import Caller
from authz.actor import Actor
from execution.cost.limits import Limits
from execution.parts.incremental import DeferredPart, Incremental, Part, Pending
from tests.support.app import Client, Running
from tests.support.increments import Split, joined, split, typed
from tests.support.schema import built

UNLIMITED = Limits(cost=10**9, depth=60, aliases=10**6, directives=10**6, root_fields=10**6)


@dataclass
class Asked:
    """One answer, read to its end."""

    initial: ExecutionResult
    pending: tuple[Pending, ...] = ()
    parts: list[Part] = field(default_factory=list)

    @property
    def errors(self) -> list[tuple[Any, str]]:
        """All errors, in the order in which they came: their paths and messages."""
        found = [*(self.initial.errors or ()), *(error for part in self.parts for error in part.errors)]
        return [(tuple(error.path or ()), error.message) for error in found]


class InParts:
    """Asks the application's executor, as the transport does for clients that take parts."""

    def __init__(self, client: Running) -> None:
        schema = built()
        self.schema = schema._schema
        self.client = client
        self.operations = Operations(schema, client.database, client.facilities)
        options: HttpOptions[Caller] = HttpOptions(limits=UNLIMITED, document_cache=10**5)
        self._preparation: Preparation[Caller] = Preparation(self.schema, options)

    async def actor(self, who: Client) -> Actor:
        """The actor that somebody who is signed in acts as."""
        assert who.token is not None
        return await self.client.sign_in.authentication.actor(who.token)

    def operation(self, document: str, variables: dict[str, Any], caller: Caller, *, increments: bool) -> Operation:
        """The operation as it is handed to the executor."""
        sent = Parameters(document, None, None, None, variables)
        return self._preparation.prepare(sent, caller, "request", queries_only=False, increments=increments)

    def subscription(self, document: str, variables: dict[str, Any], caller: Caller) -> Operation:
        """What is to be followed, as it is handed to those who begin it."""
        sent = Parameters(document, None, None, None, variables)
        return self._preparation.prepare(sent, caller, "request", queries_only=False, subscriptions=True)

    async def run(
        self, who: Actor | None, document: str, *, increments: bool = True, **variables: Any
    ) -> ExecutionResult | Incremental:
        """What the executor gives."""
        caller = Caller(who, "127.0.0.1")
        return await self.operations(self.operation(document, variables, caller, increments=increments), caller)

    @asynccontextmanager
    async def open(self, who: Actor | None, document: str, **variables: Any) -> AsyncIterator[Incremental]:
        """An answer in parts, closed afterwards, as the transport does."""
        answer = await self.run(who, document, **variables)
        assert isinstance(answer, Incremental)
        try:
            yield answer
        finally:
            await answer.parts.aclose()

    async def ask(self, who: Actor | None, document: str, **variables: Any) -> Asked:
        """An answer and all its parts."""
        answer = await self.run(who, document, **variables)
        if isinstance(answer, ExecutionResult):
            return Asked(answer)
        return Asked(answer.initial, answer.pending, [part async for part in answer.parts])

    async def whole(self, who: Actor | None, document: str, **variables: Any) -> Any:
        """The data of the ordinary answer."""
        answer = await self.run(who, document, increments=False, **variables)
        assert isinstance(answer, ExecutionResult)
        assert answer.errors is None, answer.errors
        return plain(answer.data)

    async def cut(self, who: Actor | None, document: str, **variables: Any) -> Split:
        """What the reference makes of the ordinary answer."""
        whole = await self.whole(who, print_ast(typed(parse(document))), **variables)
        return split(self.schema, parse(document), whole, **variables)


def plain(data: Any) -> Any:
    """As a client reads it."""
    return orjson.loads(orjson.dumps(data))


def place(pending: Pending) -> tuple[Any, ...]:
    """What a pending is, but for its id."""
    return pending.path, pending.label


def content(part: Part) -> dict[str, Any]:
    """What a part has, but for ids and the order of what it announces."""
    announced = {place(each) for each in part.announced}
    if isinstance(part, DeferredPart):
        return {"data": plain(part.data), "announced": announced}
    return {"index": part.index, "items": plain(part.items), "completed": part.completed, "announced": announced}


def assert_as_cut(asked: Asked, cut: Split, whole: Any) -> None:
    """The answer has the parts of the reference, announced before they come, and is whole in the end."""
    assert asked.errors == []
    assert plain(asked.initial.data) == cut.data
    assert [place(each) for each in asked.pending] == [place(each) for each in cut.pending]
    assert len(asked.parts) == len(cut.parts)
    assert {place(each.pending): content(each) for each in asked.parts} == {
        place(each.pending): content(each) for each in cut.parts
    }
    assert plain(joined(asked.initial.data, asked.parts)) == whole
    assert_announced(asked)


def assert_announced(asked: Asked) -> None:
    """Each part was announced once, before it came, and all that was announced has come."""
    known = [each.id for each in asked.pending]
    for part in asked.parts:
        assert part.pending.id in known
        known += [each.id for each in part.announced]
    assert sorted(known) == sorted(part.pending.id for part in asked.parts)
    assert len(set(known)) == len(known)
