"""Tells the planner how fields get their values: from what the fields' factories declared to graphql-core's fields."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import strawberry
from graphql import GraphQLField, GraphQLObjectType, GraphQLScalarType, get_named_type
from strawberry.types.arguments import StrawberryArgument, convert_argument
from strawberry.types.field import StrawberryField

from execution.fields import SOURCE, Column, Related, Resolver, Source
from execution.shaping import Leaves

DEFINITION: Final = "strawberry-definition"
LEAVES: Final[Leaves] = {
    ("DateTime", datetime): "{0}",
    ("Decimal", Decimal): "{0}",
    ("JSON", dict): "Fragment({0})",
}
"""How columns are written as the scalars that are not GraphQL's own: orjson writes datetimes as `isoformat` does."""

Convert = Callable[[Mapping[str, Any]], Mapping[str, Any]]


def declare_sources(schema: strawberry.Schema) -> None:
    """Put the source of every field into its `extensions`."""
    core = schema._schema  # noqa: SLF001 - graphql-core's schema, which Strawberry keeps for itself
    roots = (core.query_type, core.mutation_type)
    for kind in core.type_map.values():
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            for field in kind.fields.values():
                declared: StrawberryField = field.extensions[DEFINITION]
                convert = _conversion(schema, field, declared)
                field.extensions[SOURCE] = _root(declared, convert) if kind in roots else _source(declared, convert)


def _source(declared: StrawberryField, convert: Convert) -> Source:
    source: Source = declared.metadata.get(SOURCE) or Column(declared.python_name)
    return replace(source, convert=convert) if isinstance(source, Related) else source


def _root(declared: StrawberryField, convert: Convert) -> Resolver:
    """The resolver as it was written: Strawberry's way around it costs more than most of them."""
    resolver: Any = declared.base_resolver
    function = resolver.wrapped_func

    def resolve(_root: Any, info: Any, **given: Any) -> Any:
        return function(info, **convert(given))

    return Resolver(resolve)


def _conversion(schema: strawberry.Schema, field: GraphQLField, declared: StrawberryField) -> Convert:
    """Makes arguments as Python functions take them: by their Python names, inputs as the objects that they are."""
    known = {schema.config.name_converter.from_argument(each): each for each in declared.arguments}
    plain = {name for name in known if isinstance(get_named_type(field.args[name].type), GraphQLScalarType)}
    names = {name: each.python_name for name, each in known.items()}

    def convert(given: Mapping[str, Any]) -> Mapping[str, Any]:
        return {
            names[name]: value if name in plain else _converted(schema, known[name], value)
            for name, value in given.items()
        }

    return convert


def _converted(schema: strawberry.Schema, argument: StrawberryArgument, value: Any) -> Any:
    registry = schema.schema_converter.scalar_registry
    return convert_argument(value, argument.type, scalar_registry=registry, config=schema.config)
