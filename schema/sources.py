"""Tells the planner how fields get their values: from what the fields' factories declared to graphql-core's fields."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

import strawberry
from graphql import GraphQLObjectType
from strawberry.types.field import StrawberryField

from execution.fields import SOURCE, Column, Related, Resolver, Source
from execution.running.shaping import Leaves
from schema.inputs import Convert, Inputs

DEFINITION: Final = "strawberry-definition"
LEAVES: Final[Leaves] = {
    ("DateTime", datetime): "{0}",
    ("Decimal", Decimal): "{0}",
    ("JSON", dict): "Fragment({0})",
}
"""How columns are written as the scalars that are not GraphQL's own: orjson writes datetimes as `isoformat` does."""


def declare_sources(schema: strawberry.Schema) -> None:
    """Put the source of every field into its `extensions`."""
    core = schema._schema  # noqa: SLF001 - graphql-core's schema, which Strawberry keeps for itself
    inputs = Inputs(schema)
    roots = (core.query_type, core.mutation_type)
    for kind in core.type_map.values():
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            for field in kind.fields.values():
                declared: StrawberryField = field.extensions[DEFINITION]
                convert = inputs.conversion(declared)
                if kind is core.subscription_type:
                    field.subscribe, field.extensions[SOURCE] = _told(declared, convert)
                else:
                    field.extensions[SOURCE] = _root(declared, convert) if kind in roots else _source(declared, convert)


def _source(declared: StrawberryField, convert: Convert) -> Source:
    source: Source = declared.metadata.get(SOURCE) or Column(declared.python_name)
    return replace(source, convert=convert) if isinstance(source, Related) else source


def _told(declared: StrawberryField, convert: Convert) -> tuple[Callable[..., Any], Resolver]:
    """Where a subscription's events come from, and what each of them comes to."""
    answer: Resolver = declared.metadata[SOURCE]

    def resolve(event: Any, info: Any, **given: Any) -> Any:
        return answer.resolve(event, info, **convert(given))

    return _root(declared, convert).resolve, Resolver(resolve)


def _root(declared: StrawberryField, convert: Convert) -> Resolver:
    """The resolver as it was written: Strawberry's way around it costs more than most of them."""
    resolver: Any = declared.base_resolver
    function = resolver.wrapped_func

    def resolve(_root: Any, info: Any, **given: Any) -> Any:
        return function(info, **convert(given))

    return Resolver(resolve)
