"""Fields of introspection: graphql-core answers them."""

from typing import Any

from graphql import (
    DocumentNode,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    experimental_execute_incrementally,
)
from graphql.execution import Executor

from execution.operation import Operation
from execution.planning.plan import FieldPlan


def introspected(schema: GraphQLSchema, operation: Operation, field: FieldPlan) -> Any:
    """The value of `__schema` or `__type`; raises the first error."""
    asked = operation.definition
    definition = OperationDefinitionNode(
        operation=asked.operation,
        name=asked.name,
        variable_definitions=asked.variable_definitions,
        directives=(),
        selection_set=SelectionSetNode(selections=tuple(field.nodes)),
    )
    document = DocumentNode(definitions=(definition, *operation.fragments.values()))
    result: Any = experimental_execute_incrementally(
        schema,
        document,
        variable_values=dict(operation.given),
        executor_class=Executor,  # which ignores `@defer` and `@stream`
    )
    if result.errors:
        raise result.errors[0]
    return (result.data or {})[field.key]
