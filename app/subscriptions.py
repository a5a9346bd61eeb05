"""Runs one subscription: for each event somebody asks anew, and what cannot be seen any more ends it (spec 3, 7)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from contextlib import asynccontextmanager
from typing import Any, Final, TypeAlias

import orjson
from graphql import ExecutionResult

from app.http.live import Renew, SubscriptionRefusedError
from app.http.operation import Operation
from app.operations import Operations, executable
from app.sign_in.callers import Caller
from execution.errors import PublicError
from execution.running.subscribing import Answers
from resolvers.context import Context
from resolvers.live import NoNewsError
from tenancy.live import Hub

Make: TypeAlias = Callable[[], Awaitable[ExecutionResult]]

ENDED: Final = frozenset({"NOT_FOUND", "FORBIDDEN", "UNAUTHENTICATED"})
"""Codes of a root field that say: there is nothing here for you any more."""


class Subscriptions:
    """Begins subscriptions; at most `at_once` of their events are answered at the same time, so that queries go on."""

    def __init__(self, operations: Operations, hub: Hub, at_once: int) -> None:
        self._operations = operations
        self._hub = hub
        self._turns = asyncio.Semaphore(at_once)
        self._waiting: dict[Hashable, asyncio.Task[ExecutionResult]] = {}

    async def __call__(self, operation: Operation, renew: Renew[Caller], credentials: Hashable) -> "News":
        """The results; raises `SubscriptionRefusedError` for what cannot be seen, or cannot be heard of now."""
        asked = (credentials, operation.document_hash, operation.operation_name, orjson.dumps(operation.variables))

        @asynccontextmanager
        async def open_asker() -> AsyncIterator[Context]:
            caller = await renew()
            context = self._operations.context(operation, caller, self._hub)
            try:
                yield context
            finally:
                await context.close()
            await self._operations.audit(operation, caller)

        def through(event: Any, make: Make) -> Awaitable[ExecutionResult]:
            return self._shared((asked, event), make)

        async with self._turns:
            executor = self._operations.executor
            answers = await executor.subscribe(executable(operation), open_asker, through=through)
        if isinstance(answers, ExecutionResult):
            raise SubscriptionRefusedError(answers.errors or [])
        return News(answers)

    async def _shared(self, key: Hashable, make: Make) -> ExecutionResult:
        """The answer, made once for all who ask the same by the same credentials before it is begun."""
        making = self._waiting.get(key)
        if making is None:
            making = self._waiting[key] = asyncio.create_task(self._made(key, make))
        return await asyncio.shield(making)

    async def _made(self, key: Hashable, make: Make) -> ExecutionResult:
        async with self._turns:
            del self._waiting[key]  # who asks from now on may know of something newer
            return await make()


class News(AsyncIterator[ExecutionResult]):
    """The answers that are news; it ends with the first that says that there is nothing to be seen."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def __anext__(self) -> ExecutionResult:
        """The next answer that is news."""
        async for result in self._answers:
            refusal = _refusal(result)
            if isinstance(refusal, PublicError) and refusal.code in ENDED:
                break
            if not isinstance(refusal, NoNewsError):
                return result
        raise StopAsyncIteration

    async def aclose(self) -> None:
        """Ask for no more."""
        await self._answers.aclose()


def _refusal(result: ExecutionResult) -> Exception | None:
    """What the root field came to, where that is an error."""
    at_root = (error for error in result.errors or () if len(error.path or ()) <= 1)
    return next((error.original_error or error for error in at_root), None)
