"""The schema as graphql-core executes it: fields that only say where their values come from get resolvers."""

from collections.abc import Callable
from typing import Any

from graphql import GraphQLField, GraphQLObjectType, GraphQLSchema

from execution.fields import SOURCE, Counted, PagePart, Related
from execution.paging import page_request
from execution.planning.plan import PAGE_ARGUMENTS

PARTS = {
    PagePart.NODES: "nodes",
    PagePart.EDGES: "edges",
    PagePart.PAGE_INFO: "page_info",
    PagePart.NODE: "node",
    PagePart.CURSOR: "cursor",
}


def resolve_fields(schema: GraphQLSchema) -> None:
    """Give resolvers to the fields that have none."""
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            for field in kind.fields.values():
                _resolved(field)


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
