"""Everything that leads to rows, read from the schema itself: what is added tomorrow is tested tomorrow."""

from collections.abc import Iterator

from graphql import GraphQLObjectType, get_named_type

from execution.fields import SOURCE, Counted, Related
from execution.relation import Cardinality, Relation
from resolvers.nodes import NODES
from tests.support.schema import SCHEMA


def relations() -> dict[str, Relation]:
    """Every relation of every type, as `Type.field`, and the batch functions of `node` as `node:prefix`."""
    found = {f"node:{prefix}": Relation(batch, "id", Cardinality.ONE) for prefix, (_, batch) in NODES.items()}
    for kind in SCHEMA.type_map.values():
        if isinstance(kind, GraphQLObjectType):
            found.update(_of_type(kind))
    return found


def lists() -> list[str]:
    """The root fields that give a list."""
    query = SCHEMA.query_type
    assert query is not None
    return [name for name, field in query.fields.items() if get_named_type(field.type).name.endswith("Connection")]


def _of_type(kind: GraphQLObjectType) -> Iterator[tuple[str, Relation]]:
    for name, field in kind.fields.items():
        source = field.extensions.get(SOURCE)
        if isinstance(source, Related | Counted):
            yield f"{kind.name}.{name}", source.relation
