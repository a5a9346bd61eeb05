"""Everything that leads to rows, read from the schema itself: what is added tomorrow is tested tomorrow."""

from collections.abc import Iterator
from typing import Any

from graphql import GraphQLObjectType, GraphQLSchema, get_named_type

from execution.relation import Relation
from resolvers.nodes import RELATIONS
from schema.build import build
from schema.fields import RELATION


def relations() -> dict[str, Relation]:
    """Every relation of every type, as `Type.field`, and the batch functions of `node` as `node:prefix`."""
    schema: GraphQLSchema = build()._schema
    found = {f"node:{prefix}": relation for prefix, relation in RELATIONS.items()}
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType):
            found.update(_of_type(kind))
    return found


def lists() -> list[str]:
    """The root fields that give a list."""
    query = build()._schema.query_type
    assert query is not None
    return [name for name, field in query.fields.items() if get_named_type(field.type).name.endswith("Connection")]


def _of_type(kind: GraphQLObjectType) -> Iterator[tuple[str, Relation]]:
    for name, field in kind.fields.items():
        declared: Any = field.extensions.get("strawberry-definition")
        relation = declared.metadata.get(RELATION) if declared is not None and declared.metadata else None
        if relation is not None:
            yield f"{kind.name}.{name}", relation
