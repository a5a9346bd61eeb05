"""What the transport hands to the executor, and what it needs to know of a caller."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple, Protocol, TypeAlias, TypeVar

from graphql import (
    DocumentNode,
    ExecutionResult,
    FragmentDefinitionNode,
    OperationDefinitionNode,
    OperationType,
)
from graphql.execution.values import VariableValues
from starlette.requests import Request

from app.http.rate_limit import RateLimit
from execution.parts.incremental import Incremental


class Caller(Protocol):
    """Who asks. The transport knows only whose hourly cost the request is charged to."""

    @property
    def rate_limit_key(self) -> str:
        """One key for each principal; callers without credentials share one per address."""


CallerT = TypeVar("CallerT", bound=Caller)


class Operation(NamedTuple):
    """One valid, affordable operation.

    `document_hash` identifies the document, whose parts are the same objects while it stays cached; `node` is
    what to run of it. `variables` are as sent, `values` what GraphQL's CoerceVariableValues() makes of them.
    `increments` tells whether the client takes an answer in parts; else `@defer` and `@stream` are ignored.
    """

    document: DocumentNode
    document_hash: str
    node: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    operation_name: str | None
    variables: Mapping[str, Any]
    values: VariableValues
    cost: int
    request_id: str
    rate_limit: RateLimit | None
    increments: bool = False

    @property
    def kind(self) -> OperationType:
        """Whether it is a query or a mutation."""
        return self.node.operation

    @property
    def coerced_variables(self) -> Mapping[str, Any]:
        """The values of the variables, by their names."""
        return self.values.coerced


Executor: TypeAlias = Callable[[Operation, CallerT], Awaitable[ExecutionResult | Incremental]]
"""Runs an operation. `data` may be anything that orjson writes, an `orjson.Fragment` included.

Errors of fields stand in the result. A `PublicError` that it raises refuses the whole request (no `data`);
any other exception is masked. It is cancelled when the caller of a query leaves, and when time is up.
It may answer in parts where the operation's `increments` says so.
"""

Authenticator: TypeAlias = Callable[[Request], Awaitable[CallerT]]
"""Tells who asks. No credentials at all: an anonymous caller; bad ones: a `PublicError` UNAUTHENTICATED."""
