"""The schema, which nobody changes: it takes longer to make than most tests to run."""

from functools import cache

import strawberry
from graphql import GraphQLSchema

from schema.build import build


@cache
def built() -> strawberry.Schema:
    """The schema, made once."""
    return build()


SCHEMA: GraphQLSchema = built()._schema
