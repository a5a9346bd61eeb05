"""Executes operations by plan: the only way in which answers are made."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Final, TypeAlias

from graphql import ExecutionResult, GraphQLError, GraphQLSchema, OperationType

from execution.cache import Cache
from execution.explain import Explainer, Step
from execution.operation import Operation, conditions
from execution.parts.deferring import DeferringPlanner
from execution.parts.delivery import Delivery
from execution.parts.following import FollowingRoots, FollowingRun
from execution.parts.incremental import Incremental
from execution.planning.plan import RESOLVED, ObjectPlan
from execution.planning.planner import Planner
from execution.running.completion import Completion
from execution.running.levels import Level
from execution.running.roots import Roots
from execution.running.run import Asker, Run
from execution.running.shaping import PLAIN, Leaves, maker
from execution.running.subscribing import Answers, event_stream
from execution.sql.columns import NAMED
from execution.sql.joint import Joints
from execution.sql.statements import Statements

OpenAsker: TypeAlias = Callable[[], AbstractAsyncContextManager[Asker]]
"""Begins that somebody asks, with a snapshot of the one's own, and ends it."""


Through: TypeAlias = Callable[[Any, Callable[[], Awaitable[ExecutionResult]]], Awaitable[ExecutionResult]]
"""Has the answer to an event made, now or later, or gives one that is as good."""


def _at_once(_event: Any, make: Callable[[], Awaitable[ExecutionResult]]) -> Awaitable[ExecutionResult]:
    return make()


class Executor:
    """Executes operations of one schema, whose fields say by `execution.fields` where their values come from.

    `leaves` tell how values of the schema's own scalars are written, besides those of `PLAIN`. At most `plans` plans
    and `statements` statements are kept.
    """

    def __init__(
        self, schema: GraphQLSchema, leaves: Leaves | None = None, *, plans: int = 1_000, statements: int = 5_000
    ) -> None:
        self._schema: Final = schema
        self._leaves: Final = {**PLAIN, **(leaves or {})}
        self._conditions: Final = Cache[tuple[str, ...]](plans)
        self.plans: Final = Cache[ObjectPlan](plans)
        self.statements: Final = Statements(statements)
        self.joints: Final = Joints(plans)

    async def execute(
        self, operation: Operation, asker: Asker, root: Any = None, *, apart: bool = False
    ) -> ExecutionResult:
        """The answer of a query or a mutation, or to one event of a subscription (`root`).

        The statements of a mutation's payload do not travel as one, as it cannot be run again for one that fails; with
        `apart` none do.
        """
        plan = self.plan(operation, asker)
        if apart or operation.definition.operation is OperationType.MUTATION:
            return await self._whole(plan, operation, asker, root)
        result = await self._whole(plan, operation, asker, root, self.joints)
        if result.errors and await asker.begins_again():
            return await self._whole(plan, operation, asker, root)
        return result

    async def explain(self, operation: Operation, asker: Asker) -> list[Step]:
        """What the operation would read for `asker`; root fields of queries are called, those of others are not."""
        run = Run(asker, operation.variables, self.statements, self._leaves)
        explainer = Explainer(Roots(self._schema, operation, run, None), run)
        calls = operation.definition.operation is OperationType.QUERY
        fields = self.plan(operation, asker).fields
        return [await explainer.root(field, calls=calls) for field in fields if field.source is RESOLVED]

    async def deliver(self, operation: Operation, asker: Asker, root: Any = None) -> ExecutionResult | Incremental:
        """The answer of a query, in parts where the operation puts anything off."""
        plan = self.plan(operation, asker, parts=True)
        if not plan.puts_off:
            return await self._whole(plan, operation, asker, root)
        run = FollowingRun(asker, operation.variables, self.statements, self._leaves, careful=True)
        return await Delivery(run, FollowingRoots(self._schema, operation, run, root)).begin(plan)

    async def subscribe(
        self, operation: Operation, open_asker: OpenAsker, root: Any = None, *, through: Through = _at_once
    ) -> Answers | ExecutionResult:
        """The answers to a subscription's events, or the errors that came before the first.

        For each event, and for the root field's `subscribe`, somebody asks anew, so that each answer is of an instant
        of its own; the source must not keep the asker that it was made for. `through` makes each answer.
        """

        async def answer(event: Any) -> ExecutionResult:
            async with open_asker() as asker:
                return await self.execute(operation, asker, event)

        async with open_asker() as asker:
            run = Run(asker, operation.variables, self.statements, self._leaves)
            [field] = self.plan(operation, asker).fields
            try:
                source = await event_stream(field, Roots(self._schema, operation, run, root))
            except GraphQLError as error:
                return ExecutionResult(None, [error])
        return Answers(source, lambda event: through(event, lambda: answer(event)))

    async def _whole(
        self, plan: ObjectPlan, operation: Operation, asker: Asker, root: Any, joints: Joints | None = None
    ) -> ExecutionResult:
        run = Run(asker, operation.variables, self.statements, self._leaves, joints)
        level = await Roots(self._schema, operation, run, root).level(plan)
        return self._answer(run, level)

    def plan(self, operation: Operation, asker: Asker, *, parts: bool = False) -> ObjectPlan:
        """The plan of the operation for all who may do the same as `asker`; with `parts`, for an answer in parts."""
        variables = operation.variables.coerced
        decisive = self._conditions.get(operation.key)
        if decisive is None:
            decisive = self._conditions.keep(operation.key, conditions(operation))
        key = (operation.key, asker.shape, parts, tuple(variables.get(name) for name in decisive))
        plan = self.plans.get(key)
        if plan is None:
            kind = DeferringPlanner if parts else Planner
            planner = kind(self._schema, operation.definition, operation.fragments, operation.variables)
            plan = self.plans.keep(key, planner.plan())
        return plan

    def _answer(self, run: Run, level: Level) -> ExecutionResult:
        if not run.careful:
            try:
                return ExecutionResult(self._assembled(run, level), None)
            except Exception:
                run.careful = True
        completion = Completion(run.information)
        try:
            data = completion.object(level, 0, None)
        except GraphQLError as error:
            return ExecutionResult(None, [*completion.errors, error])
        return ExecutionResult(data, completion.errors or None)

    def _assembled(self, run: Run, level: Level) -> dict[str, Any]:
        """The answer of what generated code has made."""
        [data] = objects = maker(level.plan, NAMED, self._leaves)(level.rows, run.information, None)
        for name, children in level.children.items():
            children.assign(objects, name)
        return data
