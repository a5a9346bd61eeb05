"""Operations as graphql-core executes them, in the place of the planner's: the oracle."""

import inspect
from collections.abc import Mapping
from typing import Any, ClassVar

import strawberry
from graphql import ExecutionResult
from graphql.execution import Executor, experimental_execute_incrementally

from app.http.cache_counts import CacheCounts
from app.http.operation import Operation
from app.operations import Operations
from resolvers.context import Context
from resolvers.facilities import Facilities
from tenancy.database import Database
from tests.oracle.context import OracleContext
from tests.oracle.schema import resolve_fields


class OracleOperations(Operations):
    """The same contexts, transactions and audit, and another executor."""

    _context: ClassVar[type[Context]] = OracleContext

    def __init__(self, schema: strawberry.Schema, database: Database, facilities: Facilities) -> None:
        super().__init__(schema, database, facilities)
        resolve_fields(self.schema)
        del self.executor  # nothing is left to the planner by mistake

    @property
    def caches(self) -> Mapping[str, CacheCounts]:
        """There are none."""
        return {}

    async def _execute(self, operation: Operation, context: Context) -> ExecutionResult:
        result: Any = experimental_execute_incrementally(
            self.schema,
            operation.document,
            context_value=context,
            variable_values=dict(operation.variables),
            operation_name=operation.operation_name,
            executor_class=Executor,  # which knows no answers in parts, and ignores what asks for them
        )
        return await result if inspect.isawaitable(result) else result  # type: ignore[no-any-return]
