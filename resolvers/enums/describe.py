"""Makes a GraphQL enum of a domain enum, with a description for each value."""

from enum import Enum

import strawberry


def describe(enum: type[Enum], description: str, **values: str) -> None:
    """Make `enum` a GraphQL enum; `values` describe its members by name, all of them."""
    if values.keys() != enum.__members__.keys():
        raise TypeError(f"{enum.__name__}: describe each value, and nothing else")
    strawberry.enum(enum, description=description)
    for value in enum.__strawberry_definition__.values:  # type: ignore[attr-defined]  # set by strawberry
        value.description = values[value.name]
