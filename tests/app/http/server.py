"""A small application of its own around the transport, for the tests of this folder."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphql import ExecutionResult, GraphQLSchema, build_schema, execute
from starlette.requests import Request

from app.http.operation import Operation
from app.http.options import HttpOptions
from authz.errors import UnauthenticatedError
from execution.errors import PublicError

SDL = """
type Query {
  hello(name: String = "world", times: Int! = 1): String!
  viewer: String
  feel(mood: Mood!): String
  customers(first: Int, last: Int): CustomerConnection!
  broken: String
  breaksWhole: String!
  refused: String
  wrong: Int
  slow(seconds: Float!): String
  rateLimit: RateLimit!
  big: String!
}
enum Mood { HAPPY SAD }
type RateLimit { cost: Int! limit: Int! remaining: Int! resetAt: String! }
type CustomerConnection { nodes: [Customer!]! totalCount: Int }
type Customer { id: ID! name: String! customers(first: Int): CustomerConnection! }
type Mutation { rename(name: String!): String! slowly(seconds: Float!): String! }
type Subscription { ticks: Int! }
"""


@dataclass(frozen=True)
class Someone:
    """The caller of these tests: whoever the token names."""

    name: str
    rate_limit_key: str


Options: TypeAlias = HttpOptions[Someone]


class NotFoundHereError(PublicError):
    """A public error of these tests."""

    code = "NOT_FOUND"


@dataclass
class Executed:
    """What the executor saw: its operations, and those that were cancelled while they ran."""

    begun: asyncio.Event = field(default_factory=asyncio.Event)
    operations: list[Operation] = field(default_factory=list)
    cancelled: list[Operation] = field(default_factory=list)
    finished: list[Operation] = field(default_factory=list)


class Root:
    """The resolvers."""

    def __init__(self, operation: Operation, caller: Someone) -> None:
        self._operation = operation
        self._caller = caller

    def hello(self, _info: Any, name: str | None, times: int) -> str:
        return ", ".join([f"Hello {name}"] * times)

    def viewer(self, _info: Any) -> str:
        if self._caller.name == "anonymous":
            raise UnauthenticatedError
        return self._caller.name

    def customers(self, _info: Any, **_page: int) -> dict[str, Any]:
        return {"nodes": [{"id": "c1", "name": "Alder"}], "totalCount": 1}

    def broken(self, _info: Any) -> str:
        raise ValueError("password=hunter2 at /srv/secret")

    breaksWhole = broken  # noqa: N815 - GraphQL's name

    def refused(self, _info: Any) -> str:
        raise NotFoundHereError("There is no such thing.", id="x")

    def wrong(self, _info: Any) -> str:
        return "secret that is no number"

    async def slow(self, _info: Any, seconds: float) -> str:
        await asyncio.sleep(seconds)
        return "done"

    slowly = slow

    def rateLimit(self, _info: Any) -> dict[str, Any]:
        state = self._operation.rate_limit
        assert state is not None
        return {"cost": state.cost, "limit": state.limit, "remaining": state.remaining, "resetAt": "-"}

    def big(self, _info: Any) -> str:
        return "0123456789" * 1000

    def rename(self, _info: Any, name: str) -> str:
        return name


class Executor:
    """Runs operations with graphql-core."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self.seen = Executed()

    async def __call__(self, operation: Operation, caller: Someone) -> ExecutionResult:
        self.seen.operations.append(operation)
        self.seen.begun.set()
        try:
            result = execute(
                self._schema,
                operation.document,
                Root(operation, caller),
                variable_values=dict(operation.variables),
                operation_name=operation.operation_name,
            )
            done = result if isinstance(result, ExecutionResult) else await result
        except asyncio.CancelledError:
            self.seen.cancelled.append(operation)
            raise
        self.seen.finished.append(operation)
        return done


async def authenticate(request: Request) -> Someone:
    """`Bearer NAME` is NAME; `Bearer forged` is refused; nothing is anonymous."""
    name = request.headers.get("authorization", "").removeprefix("Bearer ")
    if name == "forged":
        raise UnauthenticatedError("This token is not valid.")
    if name == "crash":
        raise RuntimeError("directory is down: user=root")
    return Someone(name or "anonymous", f"user:{name or 'anonymous'}")


def schema() -> GraphQLSchema:
    """The schema of these tests."""
    return build_schema(SDL)


def entitled(caller: Someone) -> bool:
    """Staff may read the schema."""
    return caller.name == "staff"
