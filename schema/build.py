"""Puts the schema together."""

from typing import Any

import strawberry
from strawberry.schema.config import StrawberryConfig

from execution.upload import Upload
from schema.errors import ERRORS
from schema.query import Mutation, Query
from schema.sources import declare_sources
from schema.subscription import Subscription
from schema.uploads import UPLOAD


def field_of(row: Any, name: str) -> Any:
    """The value of a field without a resolver: rows are dictionaries."""
    return row[name] if isinstance(row, dict) else getattr(row, name)


def build() -> strawberry.Schema:
    """The schema, the same for everybody (spec 0.2), with `@defer` and `@stream`."""
    schema = strawberry.Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        types=list(ERRORS),
        config=StrawberryConfig(
            default_resolver=field_of, scalar_map={Upload: UPLOAD}, enable_experimental_incremental_execution=True
        ),
    )
    declare_sources(schema)
    return schema
