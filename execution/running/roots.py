"""Root fields: their resolvers are called one after the other, and what they ask for is read."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final

from graphql import FieldNode, GraphQLResolveInfo, GraphQLSchema
from graphql.pyutils import Path, is_awaitable
from graphql.type import GraphQLResolveInfoHelpers

from execution.ask import Ask
from execution.operation import Operation
from execution.planning.plan import INTROSPECTION, RESOLVED, FieldPlan, ObjectPlan
from execution.running.asks import Asks
from execution.running.children import Children, Failed, Scalars
from execution.running.introspection import introspected
from execution.running.levels import Level
from execution.running.run import Asker, Run
from execution.sql.columns import NAMED


async def _gathered(works: Sequence[Awaitable[Any]]) -> list[Any]:
    return list(await asyncio.gather(*works))


def _untracked(_works: Sequence[Any]) -> None:
    """Resolvers of roots await what they begin."""


def _part_of_root(root: Any, info: Any, **_: Any) -> Any:
    """What the root has under the field's name."""
    return root[info.field_name]


HELPERS: Final = GraphQLResolveInfoHelpers(_gathered, _untracked)


class Roots:
    """The root fields of one operation that runs."""

    def __init__(self, schema: GraphQLSchema, operation: Operation, run: Run, root: Any) -> None:
        self._schema = schema
        self._operation = operation
        self._run = run
        self._root = root
        self._asks = Asks(run)

    async def level(self, plan: ObjectPlan) -> Level:
        """The root of the answer: one row, whose fields are all that was asked."""
        level = Level(plan, [self._root], NAMED)
        for field in plan.fields:
            if field.source in (RESOLVED, INTROSPECTION):
                level.children[field.key] = await self._children(field)
        return level

    async def _children(self, field: FieldPlan) -> Children:
        try:
            return await self._found(field, await self.resolved(field))
        except Exception as error:
            self._run.careful = True
            return Failed(error)

    async def _found(self, field: FieldPlan, value: Any) -> Children:
        if field.source is INTROSPECTION:
            return Scalars([value])
        if field.nested is None:
            self._run.careful = True  # generated code writes columns, and this is none
            return Scalars([value])
        if isinstance(value, Ask) or (isinstance(value, list) and any(isinstance(each, Ask) for each in value)):
            return await self._asks.found(field, value)
        return await self._run.values(field, [value])

    async def resolved(self, field: FieldPlan) -> Any:
        """What the field's resolver gives."""
        if field.source is INTROSPECTION:
            return introspected(self._schema, self._operation, field)
        value = self.called(field.resolve or _part_of_root, field)
        return await value if inspect.isawaitable(value) else value

    def called(self, resolve: Callable[..., Any], field: FieldPlan) -> Any:
        """What a function of the field gives, which is called as GraphQL says; raises what speaks against arguments."""
        arguments = field.arguments(self._run.variables)
        return resolve(self._root, self._information(field), **arguments)

    def _information(self, field: FieldPlan) -> GraphQLResolveInfo[Asker]:
        nodes: list[FieldNode] = field.nodes
        return GraphQLResolveInfo(
            field.name,
            nodes,
            field.type,
            field.parent,
            Path(None, field.key, field.parent.name),
            self._schema,
            dict(self._operation.fragments),
            self._root,
            self._operation.definition,
            self._run.variables,
            self._run.asker,
            is_awaitable,
            None,
            HELPERS,
        )
