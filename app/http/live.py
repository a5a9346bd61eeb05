"""What transports of live updates share: how results come, who is connected, and for how long."""

import asyncio
from collections import Counter as Counts
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Generic, Protocol, TypeAlias

from graphql import ExecutionResult, GraphQLError
from prometheus_client import CollectorRegistry, Counter, Gauge
from starlette.requests import Request

from app.http.operation import Authenticator, CallerT, Operation
from execution.errors import PublicError


class Stream(Protocol):
    """The results of a subscription; it ends when its subject cannot be seen any more.

    Raises UNAUTHENTICATED, a `PublicError`, when nobody stands behind the credentials any more, and
    `FallenBehindError` for one who takes results more slowly than they come.
    """

    def __aiter__(self) -> AsyncIterator[ExecutionResult]: ...

    async def __anext__(self) -> ExecutionResult: ...

    async def aclose(self) -> None:
        """Ask for no more."""


Renew: TypeAlias = Callable[[], Awaitable[CallerT]]
"""Tells who asks, looked up anew."""

Subscriber: TypeAlias = Callable[[Operation, Renew[CallerT], Hashable], Awaitable[Stream]]
"""Begins a subscription; raises `SubscriptionRefusedError` where it does not begin.

What is equal for two subscriptions are the credentials of both: what one may see, so may the other.
"""

SecondsLeft: TypeAlias = Callable[[Request], Awaitable[float | None]]
"""For how long the credentials of a request are good, if nobody revokes them; None for those that do not end."""


def credentials_of(request: Request) -> Hashable:
    """What a request says of who asks, and where from."""
    address = request.client.host if request.client else None
    return request.headers.get("authorization"), request.headers.get("bailiwick-tenant"), address


class SubscriptionRefusedError(Exception):
    """A subscription did not begin, for these reasons."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = errors


class TooManyConnectionsError(PublicError):
    """One principal is connected too often at once."""

    code = "LIMIT_EXCEEDED"

    def __init__(self, most: int) -> None:
        super().__init__(f"At most {most:,} connections at once.", what="connections", limit=most, actual=most + 1)


@dataclass(frozen=True, slots=True)
class LiveOptions:
    """Times in seconds. `operations` are those of one socket at once, `connections` those of one principal."""

    init_seconds: float = 3.0
    ping_seconds: float = 30.0
    send_seconds: float = 10.0
    comment_seconds: float = 12.0
    operations: int = 1_000
    connections: int = 2_000


@dataclass(frozen=True)  # no slots: Python 3.11 cannot make generic ones
class Live(Generic[CallerT]):
    """What is needed to serve live updates."""

    subscribe: Subscriber[CallerT]
    authenticate: Authenticator[CallerT]
    seconds_left: SecondsLeft
    connections: "Connections"
    options: LiveOptions


class Connections:
    """Everybody who is connected to this process, so that it can be counted, limited, and told to go."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._of: Counts[str] = Counts()
        self._leaving: set[Callable[[], None]] = set()
        self._none_left = asyncio.Event()
        self._closed = False
        self.registry = CollectorRegistry()
        self._sockets = self._gauge("bailiwick_live_connections", "Sockets and event streams that are open")
        self.subscriptions = self._gauge("bailiwick_live_subscriptions", "Subscriptions that go on")
        self.dropped = Counter(
            "bailiwick_live_dropped", "Connections dropped for reading too slowly", registry=self.registry
        )

    @contextmanager
    def one(self, leave: Callable[[], None]) -> Iterator[None]:
        """One more connection for a block; `leave` is called when the process stops."""
        self._leaving.add(leave)
        if self._closed:
            leave()
        try:
            with self._sockets.track_inprogress():
                yield
        finally:
            self._leaving.discard(leave)
            if not self._leaving:
                self._none_left.set()

    @contextmanager
    def by(self, key: str) -> Iterator[None]:
        """One more connection of a principal for a block; raises `TooManyConnectionsError`."""
        if self._of[key] >= self._most:
            raise TooManyConnectionsError(self._most)
        self._of[key] += 1
        try:
            yield
        finally:
            self._of[key] -= 1
            if not self._of[key]:
                del self._of[key]

    async def close(self, seconds: float) -> None:
        """Tell everybody to go, and wait until they are gone, but no longer than `seconds`."""
        self._closed = True
        if not self._leaving:
            return
        self._none_left.clear()
        for leave in tuple(self._leaving):
            leave()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._none_left.wait()

    def _gauge(self, name: str, text: str) -> Gauge:
        return Gauge(name, text, registry=self.registry, multiprocess_mode="livesum")
