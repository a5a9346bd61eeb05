"""The schema as graphql-core executes it: fields that only say where their values come from get resolvers."""

import inspect
from collections.abc import Callable
from typing import Any

import strawberry
from graphql import ExecutionResult, GraphQLField, GraphQLObjectType, GraphQLSchema, execute

from app.http.operation import Operation
from execution.fields import SOURCE, Counted, PagePart, Related
from execution.paging import page_request
from execution.plan import PAGE_ARGUMENTS
from schema.build import build
from tests.oracle.context import OracleContext

PARTS = {
    PagePart.NODES: "nodes",
    PagePart.EDGES: "edges",
    PagePart.PAGE_INFO: "page_info",
    PagePart.NODE: "node",
    PagePart.CURSOR: "cursor",
}


def oracle_schema() -> GraphQLSchema:
    """The platform's schema, of its own, with resolvers everywhere."""
    schema: strawberry.Schema = build()
    core: GraphQLSchema = schema._schema
    for kind in core.type_map.values():
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            for field in kind.fields.values():
                _resolved(field)
    return core


async def executed(schema: GraphQLSchema, operation: Operation, context: OracleContext) -> ExecutionResult:
    """What graphql-core answers to an operation."""
    try:
        result: Any = execute(
            schema,
            operation.document,
            context_value=context,
            variable_values=dict(operation.variables),
            operation_name=operation.operation_name,
        )
        return await result if inspect.isawaitable(result) else result  # type: ignore[no-any-return]
    finally:
        await context.close()


def _resolved(field: GraphQLField) -> None:
    source = field.extensions[SOURCE]
    if isinstance(source, Related):
        field.resolve = _related(source)
    elif isinstance(source, Counted):
        field.resolve = _counted(source)
    elif source is PagePart.TOTAL_COUNT:
        field.resolve = lambda page, _info: page.count()
    elif isinstance(source, PagePart):
        field.resolve = _part(PARTS[source])


def _part(name: str) -> Callable[..., Any]:
    return lambda row, _info: row[name]


def _related(source: Related) -> Callable[..., Any]:
    relation = source.relation

    async def resolve(row: Any, info: Any, **given: Any) -> Any:
        page = page_request(*(given.pop(name, None) for name in PAGE_ARGUMENTS)) if relation.paged else None
        return await info.context.loaders.related(relation, row[relation.key], source.convert(given), page)

    return resolve


def _counted(source: Counted) -> Callable[..., Any]:
    async def resolve(row: Any, info: Any) -> Any:
        return await info.context.loaders.count(source.relation, row[source.relation.key], source.arguments)

    return resolve
