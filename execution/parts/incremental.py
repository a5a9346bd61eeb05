"""An answer that comes in parts (`@defer`, `@stream`): what the planner makes and a transport writes.

No wire format stands here. A part holds all that its fragment or list selects, whatever else was delivered
already: each format that clients read can be made of that.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any, TypeAlias

from graphql import ExecutionResult, GraphQLError

Path: TypeAlias = tuple[str | int, ...]
"""Response keys and list positions from the root of the answer."""


@dataclass(frozen=True, slots=True)
class Pending:
    """What is announced and will come: a fragment at one object (its path), or the rest of a list (the list's path).

    `id` is unique within the answer; `label` is the directive's.
    """

    id: str
    path: Path
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeferredPart:
    """One deferred fragment at one object, which completes it.

    `data` is anything that orjson writes, None where a null went up beyond the fragment: then `errors` say why.
    `announced` are the pendings that lie within it; each has its path in `data`, and its part comes later.
    """

    pending: Pending
    data: Any
    errors: tuple[GraphQLError, ...] = ()
    announced: tuple[Pending, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamedPart:
    """The next items of a list, the first of which has the position `index`.

    `items` None: a null went up beyond the list and `errors` say why; such a part is the last one. No items
    at all, and `completed`: the list has ended.
    """

    pending: Pending
    index: int
    items: Any
    completed: bool
    errors: tuple[GraphQLError, ...] = ()
    announced: tuple[Pending, ...] = ()


Part: TypeAlias = DeferredPart | StreamedPart


@dataclass(frozen=True, slots=True)
class Incremental:
    """An answer whose `initial` result is ready and whose `pending` parts come when they are.

    `initial.data` is there, and has the object or list at the path of every pending. `parts` ends when all that
    was announced is complete. It is read as fast as it gives, whatever the client's speed, so that a slow reader
    holds nothing in the database. It is always closed; cancelled or closed early, it stops its statements. (A
    generator must have begun when it is handed over: one that never began does not run its `finally`.)
    """

    initial: ExecutionResult
    pending: tuple[Pending, ...]
    parts: AsyncGenerator[Part, None]
