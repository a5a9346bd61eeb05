"""The one way in which a mutation runs its command: retries, refusals and payloads are the same for all of them."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

import orjson
import strawberry
from sqlalchemy.orm.exc import StaleDataError
from strawberry.utils.str_converters import to_camel_case

from authz.errors import NotFoundError
from authz.gate import Gate
from domain.errors import ErrorCode, Problem, RefusedError
from domain.records.idempotency import Attempt, claim, earlier_result, keep_result
from execution.errors import PublicError
from resolvers.context import Context, Info
from resolvers.errors import user_error
from tenancy.session import work_of
from tenancy.work import ClaimedError

Changed = dict[str, UUID | None]
CONFLICT = Problem(ErrorCode.CONFLICT, "Somebody else changed this in the meantime: read it again.")


@strawberry.input(description="What every mutation's input has.")
class MutationInput:
    """Base of all mutation inputs."""

    idempotency_key: str | None = strawberry.field(
        default=None,
        description="Up to 255 characters of your own: a retry with the same key and input does nothing again, "
        "and gets the same answer.",
    )
    client_mutation_id: str | None = strawberry.field(default=None, description="Comes back in the payload.")


async def mutate(
    info: Info,
    given: MutationInput,
    command: Callable[[Gate], Awaitable[Changed]],
    *,
    by: Context | None = None,
    **arguments: Any,
) -> dict[str, Any]:
    """Run `command` in a transaction of its own and answer with the payload's row.

    `command` gives the ids of what it changed, by the payload's key columns (`ticket_id` …); they are None, and
    `user_errors` says why, where it refused. `arguments` are the mutation's others, which a retry must repeat. `by` is
    somebody else than who asks.
    """
    context = by or info.context
    attempt = _attempt(info.field_name, given, arguments)
    try:
        changed = await _run(context, command, attempt)
    except RefusedError as refusal:
        return _payload(given, user_errors=[user_error(problem) for problem in refusal.problems])
    except PublicError as error:
        if error.code not in ErrorCode.__members__:
            raise
        problem = Problem(ErrorCode(error.code), error.message, _object(error, arguments))
        return _payload(given, user_errors=[user_error(problem)])
    except StaleDataError:
        return _payload(given, user_errors=[user_error(CONFLICT)])
    return _payload(given, **changed, user_errors=[])


async def _run(context: Context, command: Callable[[Gate], Awaitable[Changed]], attempt: Attempt | None) -> Changed:
    """Run the command, or repeat the answer of an earlier call with the same key."""
    if attempt is None:
        return await context.run(command)
    try:
        return await context.run(partial(_once, command, attempt))
    except ClaimedError:
        earlier = await context.run(partial(_earlier, attempt))
    return {name: UUID(value) if value else None for name, value in earlier.items()}


async def _once(command: Callable[[Gate], Awaitable[Changed]], attempt: Attempt, gate: Gate) -> Changed:
    """Run the command under its key; what it refuses before it has read anything is refused no earlier call."""
    claim(gate.session, gate.actor, attempt)
    try:
        changed = await command(gate)
    except Exception:
        await work_of(gate.session).claim()
        raise
    kept = {name: str(value) if value else None for name, value in changed.items()}
    keep_result(gate.session, gate.actor, attempt, kept)
    return changed


async def _earlier(attempt: Attempt, gate: Gate) -> dict[str, Any]:
    return await earlier_result(gate.session, gate.actor, attempt)


def _attempt(operation: str, given: MutationInput, arguments: dict[str, Any]) -> Attempt | None:
    if given.idempotency_key is None:
        return None
    said = replace(given, client_mutation_id=None)  # it may differ from try to try
    return Attempt(given.idempotency_key, operation, orjson.dumps([said, arguments], default=_other))


def _object(error: PublicError, arguments: dict[str, Any]) -> tuple[str, ...]:
    """What is not there is the object that the mutation acts on: the path of the argument that has its id."""
    ids = (name for name, value in arguments.items() if name.endswith("_id") and value is not None)
    return tuple(to_camel_case(name) for name in ids) if isinstance(error, NotFoundError) else ()


def _other(value: Any) -> Any:
    """What JSON does not know; absence is something else than null and every value."""
    return {"": "absent"} if value is strawberry.UNSET else str(value)


class _Row(dict[str, Any]):
    """A payload: what the command did not give is null."""

    def __missing__(self, _key: str) -> None:
        return None


def _payload(given: MutationInput, **values: Any) -> dict[str, Any]:
    return _Row(values, client_mutation_id=given.client_mutation_id)
