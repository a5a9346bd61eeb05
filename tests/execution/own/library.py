"""Both ways to an answer: the planner's over PostgreSQL, and graphql-core's over the same rows in Python."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import asyncpg
import orjson
from graphql import (
    DocumentNode,
    ExecutionResult,
    FragmentDefinitionNode,
    GraphQLSchema,
    execute,
    get_operation_ast,
    get_variable_values,
    parse,
    validate,
)

from execution.executor import Executor
from execution.operation import Operation
from tests.execution.own.asking import Asker
from tests.execution.own.oracle import resolved
from tests.execution.own.planned import planned


class Library:
    """Asks for answers; each is of an asker of its own, who is kept as `asker`."""

    asker: Asker

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.schema = planned()
        self.executor = Executor(self.schema)
        self._pool = pool
        self._resolved = resolved()

    @asynccontextmanager
    async def open_asker(self, shape: str = "reader") -> AsyncIterator[Asker]:
        """Somebody who asks, whose snapshot ends."""
        self.asker = Asker(self._pool, shape)
        try:
            yield self.asker
        finally:
            await self.asker.close()

    async def result(self, document: str, shape: str = "reader", **variables: Any) -> ExecutionResult:
        """What the planner makes."""
        async with self.open_asker(shape) as asker:
            return await self.executor.execute(operation(self.schema, document, variables), asker)

    async def apart(self, document: str, **variables: Any) -> dict[str, Any]:
        """What another planner makes of statements that do not travel as one."""
        async with self.open_asker() as asker:
            asked = operation(self.schema, document, variables)
            return plain(await Executor(self.schema).execute(asked, asker, apart=True))

    async def answer(self, document: str, shape: str = "reader", **variables: Any) -> dict[str, Any]:
        """The planner's answer, as a client reads it."""
        return plain(await self.result(document, shape, **variables))

    def expected(self, document: str, **variables: Any) -> dict[str, Any]:
        """graphql-core's answer, as a client reads it."""
        result = execute(
            self._resolved,
            parse(document),
            [],
            context_value=SimpleNamespace(shape="reader"),
            variable_values=variables,
        )
        assert isinstance(result, ExecutionResult)
        return plain(result)

    async def same(self, document: str, **variables: Any) -> dict[str, Any]:
        """The answer to a query, which is the same both ways, and where statements do not travel as one."""
        expected = self.expected(document, **variables)
        assert await self.apart(document, **variables) == expected
        return await self.matching(document, **variables)

    async def matching(self, document: str, **variables: Any) -> dict[str, Any]:
        """The answer, which is graphql-core's."""
        answer = await self.answer(document, **variables)
        assert answer == self.expected(document, **variables)
        return answer


def operation(schema: GraphQLSchema, document: str, variables: dict[str, Any]) -> Operation:
    """A valid operation, its variables coerced."""
    parsed = _valid(schema, document)
    definition = get_operation_ast(parsed)
    assert definition is not None
    values = get_variable_values(schema, definition.variable_definitions or (), variables)
    assert not isinstance(values, list), values
    fragments = {each.name.value: each for each in parsed.definitions if isinstance(each, FragmentDefinitionNode)}
    return Operation(document, definition, fragments, values, variables)


@lru_cache(maxsize=1)
def _valid(schema: GraphQLSchema, document: str) -> DocumentNode:
    parsed = parse(document)
    assert validate(schema, parsed) == []
    return parsed


def plain(result: ExecutionResult) -> dict[str, Any]:
    """A result as a client reads it: keys in their order, errors whole."""
    read: dict[str, Any] = orjson.loads(orjson.dumps(result.formatted))
    return read
