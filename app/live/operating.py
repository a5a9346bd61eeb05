"""Runs operations of a socket: queries and mutations once, subscriptions for as long as they last."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias

from graphql import ExecutionResult, OperationType

from app.http.live import Live, Renew, SubscriptionRefusedError
from app.http.masking import present_all
from app.http.operation import CallerT, Executor, Operation
from app.http.options import HttpOptions
from app.http.parameters import Parameters
from app.http.prepare import Preparation
from app.http.replies import of_refusal, of_result
from app.http.running import run
from app.live import frames
from app.live.closing import ClosingError, Code
from execution.parts.incremental import Incremental
from tenancy.live import FallenBehindError

Put: TypeAlias = Callable[[str], Awaitable[None]]


@dataclass(frozen=True)  # no slots: Python 3.11 cannot make generic ones
class Client(Generic[CallerT]):
    """Who asks, on a socket; `put` takes frames, `renew` raises `ClosingError` where nobody is there any more."""

    renew: Renew[CallerT]
    credentials: Hashable
    put: Put
    request_id: str


class Operating(Generic[CallerT]):
    """One for all sockets."""

    def __init__(
        self,
        preparation: Preparation[CallerT],
        execute: Executor[CallerT],
        live: Live[CallerT],
        options: HttpOptions[CallerT],
    ) -> None:
        self._preparation = preparation
        self._execute = execute
        self._live = live
        self._options = options
        self._mutations: set[asyncio.Task[Any]] = set()

    async def run(self, key: str, sent: Parameters, client: Client[CallerT]) -> None:
        """Run one operation and put its messages, the last of them included."""
        put, request_id = client.put, client.request_id
        try:
            caller = await client.renew()
            operation = self._preparation.prepare(sent, caller, request_id, queries_only=False, subscriptions=True)
            if operation.kind is OperationType.SUBSCRIPTION:
                await self._follow(key, operation, client)
            else:
                await self._once(key, operation, caller, put)
        except (ClosingError, asyncio.CancelledError):
            raise
        except FallenBehindError:
            raise ClosingError(Code.TOO_SLOW, "Events come faster than they are read.") from None
        except Exception as error:
            await put(frames.refusal(key, self._errors(error, request_id)))

    async def _once(self, key: str, operation: Operation, caller: CallerT, put: Put) -> None:
        result = await self._result(operation, caller)
        reply = of_result(result, operation.request_id, self._options.max_errors)
        if "data" in reply.body:
            await put(frames.next_result(key, reply.body))
            await put(frames.complete(key))
        else:
            await put(frames.refusal(key, reply.body["errors"]))

    async def _result(self, operation: Operation, caller: CallerT) -> ExecutionResult:
        """The result; a mutation that has begun is finished, though nobody may wait for it any more."""
        work = asyncio.create_task(run(self._performed(operation, caller), None, self._options.request_seconds))
        if operation.kind is not OperationType.MUTATION:
            try:
                return await work
            finally:
                work.cancel()
        self._mutations.add(work)
        work.add_done_callback(self._mutations.discard)
        return await asyncio.shield(work)

    async def _performed(self, operation: Operation, caller: CallerT) -> ExecutionResult:
        result = await self._execute(operation, caller)
        if isinstance(result, Incremental):
            raise TypeError("an answer in parts that nobody asked for")
        return result

    async def _follow(self, key: str, operation: Operation, client: Client[CallerT]) -> None:
        put = client.put
        stream = await self._live.subscribe(operation, client.renew, ("socket", client.credentials))
        try:
            with self._live.connections.subscriptions.track_inprogress():
                async for result in stream:
                    body = of_result(result, operation.request_id, self._options.max_errors).body
                    await put(frames.next_result(key, body))
        finally:
            await stream.aclose()
        await put(frames.complete(key))

    def _errors(self, error: Exception, request_id: str) -> list[dict[str, Any]]:
        if isinstance(error, SubscriptionRefusedError):
            return present_all(error.errors, request_id, self._options.max_errors)
        return errors_of(error, request_id)


def errors_of(error: Exception, request_id: str) -> list[dict[str, Any]]:
    """What an operation that did not run is answered with."""
    errors: list[dict[str, Any]] = of_refusal(error, request_id).body["errors"]
    return errors
