"""Tells the planner how fields get their values: from what the fields' factories declared to graphql-core's fields."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any, Final

import strawberry
from graphql import GraphQLField, GraphQLObjectType
from strawberry.types.arguments import convert_arguments
from strawberry.types.field import StrawberryField

from execution.fields import SOURCE, Column, Related, Source
from execution.shaping import Leaves

DEFINITION: Final = "strawberry-definition"
LEAVES: Final[Leaves] = {
    ("DateTime", datetime): "{0}",
    ("Decimal", Decimal): "str({0})",
    ("JSON", dict): "Fragment({0})",
}
"""How columns are written as the scalars that are not GraphQL's own: orjson writes datetimes as `isoformat` does."""


def declare_sources(schema: strawberry.Schema) -> None:
    """Put the source of every field into its `extensions`."""
    for kind in schema._schema.type_map.values():  # noqa: SLF001 - graphql-core's schema, which Strawberry keeps for itself
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            for field in kind.fields.values():
                _declare(schema, field)


def _declare(schema: strawberry.Schema, field: GraphQLField) -> None:
    declared: StrawberryField = field.extensions[DEFINITION]
    source: Source = declared.metadata.get(SOURCE) or Column(declared.python_name)
    if isinstance(source, Related):
        source = replace(source, convert=partial(_converted, schema, declared))
    field.extensions[SOURCE] = source


def _converted(schema: strawberry.Schema, field: StrawberryField, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The arguments of a batch function: by their Python names, inputs as the objects that they are."""
    converter = schema.schema_converter
    return convert_arguments(
        dict(given), field.arguments, scalar_registry=converter.scalar_registry, config=schema.config
    )
