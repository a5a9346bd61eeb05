"""Sources of events, for the planner and for the oracle."""

from collections.abc import AsyncIterator, Callable
from typing import Any

from graphql import GraphQLSchema
from sqlalchemy import select

from execution.ask import single
from execution.ids import UnknownIdError
from tests.execution.own.asking import Asker
from tests.execution.own.tables import ALL_AUTHORS, AUTHORS


class Streams:
    """`open` counts the sources that have begun and not ended; `askers` are those for whom sources were made."""

    def __init__(self) -> None:
        self.open = 0
        self.askers: list[Asker] = []

    def planned(self, schema: GraphQLSchema) -> None:
        """Give sources to a schema whose root fields ask for rows."""
        self._give(schema, lambda name, _info, names: single(_named, {"name": name}))

    def resolved(self, schema: GraphQLSchema) -> None:
        """Give the same sources to a schema with plain resolvers."""
        self._give(schema, _author)

    def _give(self, schema: GraphQLSchema, told: Callable[..., Any]) -> None:
        assert schema.subscription_type is not None
        fields = schema.subscription_type.fields
        fields["told"].subscribe, fields["told"].resolve = self._told, told
        fields["numbers"].subscribe, fields["numbers"].resolve = self._numbers, _number
        fields["counted"].subscribe = lambda _root, _info: self._each([{"counted": 1}, {"counted": None}])
        fields["never"].subscribe = _never
        fields["notAStream"].subscribe = lambda _root, _info: 5

    async def _told(self, _root: Any, info: Any, names: list[str]) -> AsyncIterator[str]:
        """Awaited, it gives a source."""
        self.askers.append(info.context)
        return self._each(names)

    async def _numbers(self, _root: Any, _info: Any, to: int) -> AsyncIterator[int]:
        """The source itself."""
        async for each in self._each(range(1, to + 1)):
            yield each

    async def _each(self, values: Any) -> AsyncIterator[Any]:
        self.open += 1
        try:
            for each in values:
                yield each
        finally:
            self.open -= 1


def _named(_gate: Any, *, name: str) -> Any:
    return select(AUTHORS).where(AUTHORS.c.name == name)


def _author(name: str, _info: Any, names: list[str]) -> Any:
    return next((row for row in ALL_AUTHORS if row["name"] == name), UnknownIdError())


def _number(number: int, _info: Any, to: int) -> int:
    if number == 2:
        raise ValueError("two is no number")
    return number


async def _never(_root: Any, _info: Any) -> Any:
    raise ValueError("there are no events")
