"""Executes operations by plan: the only way in which answers are made."""

from typing import Any, Final

from graphql import ExecutionResult, GraphQLError, GraphQLSchema

from execution.cache import Cache
from execution.columns import NAMED
from execution.completion import Completion
from execution.levels import Level
from execution.operation import Operation, conditions
from execution.plan import ObjectPlan
from execution.planner import Planner
from execution.roots import Roots
from execution.run import Asker, Run
from execution.shaping import PLAIN, Leaves, maker
from execution.statements import Statements


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

    async def execute(self, operation: Operation, asker: Asker, root: Any = None) -> ExecutionResult:
        """The answer of a query or a mutation, or to one event of a subscription (`root`)."""
        run = Run(asker, operation.variables, self.statements, self._leaves)
        level = await Roots(self._schema, operation, run, root).level(self.plan(operation, asker))
        return self._answer(run, level)

    def plan(self, operation: Operation, asker: Asker) -> ObjectPlan:
        """The plan of the operation for all who may do the same as `asker`."""
        variables = operation.variables.coerced
        decisive = self._conditions.get(operation.key)
        if decisive is None:
            decisive = self._conditions.keep(operation.key, conditions(operation))
        key = (operation.key, asker.shape, tuple(variables.get(name) for name in decisive))
        plan = self.plans.get(key)
        if plan is None:
            planner = Planner(self._schema, operation.definition, operation.fragments, operation.variables)
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
