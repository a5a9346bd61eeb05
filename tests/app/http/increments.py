"""Answers in parts made by hand, and what goes over the wire, message by message."""

import asyncio
import email
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import ExecutionResult, GraphQLSchema, build_schema, print_directive
from graphql.type import GraphQLDeferDirective, GraphQLStreamDirective
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import Message

from app.http.app import create_app
from app.http.logs import configure_logs
from app.http.negotiation import GRAPHQL_RESPONSE
from app.http.operation import Operation
from execution.parts.incremental import DeferredPart, Incremental, Part, Pending
from tests.app.http.server import SDL, Options, Someone, authenticate

APOLLO_4 = f"multipart/mixed;incrementalSpec=v0.2,{GRAPHQL_RESPONSE},application/json;q=0.9"
APOLLO_3 = f"multipart/mixed;deferSpec=20220824,{GRAPHQL_RESPONSE},application/json;q=0.9"
DEFERRED = '{ ...Viewer @defer(label: "v") } fragment Viewer on Query { viewer }'

Script = Callable[[], AsyncGenerator[Part, None]]


def schema() -> GraphQLSchema:
    """The schema of these tests, with the directives."""
    directives = (print_directive(each) for each in (GraphQLDeferDirective, GraphQLStreamDirective))
    return build_schema("\n".join([SDL, *directives]))


@dataclass
class Scripted:
    """An executor that gives the parts of a script, after `seconds`; `increments` are what its operations allowed."""

    pending: Sequence[Pending]
    script: Script
    initial: ExecutionResult
    seconds: float = 0.0
    increments: list[bool] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, operation: Operation, _caller: Someone) -> ExecutionResult | Incremental:
        self.increments.append(operation.increments)
        await asyncio.sleep(self.seconds)
        if not operation.increments:
            return self.initial
        parts = self._parts()
        await anext(parts)
        return Incremental(self.initial, tuple(self.pending), parts)

    async def _parts(self) -> AsyncGenerator[Any, None]:
        try:
            yield None  # it has begun
            async for part in self.script():
                yield part
        finally:
            self.ended.set()


@dataclass
class Exchange:
    """One request and what was answered so far, each message of the body by itself."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    messages: list[bytes] = field(default_factory=list)
    more: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def body(self) -> bytes:
        """All of it."""
        return b"".join(self.messages)

    @property
    def payloads(self) -> list[Any]:
        """The parts of the body, as a parser of mail reads them."""
        head = f"content-type: {self.headers['content-type']}\r\n\r\n"
        mail = email.message_from_bytes(head.encode() + self.body)
        assert mail.is_multipart()
        assert not mail.defects
        return [json.loads(part.get_payload(decode=True)) for part in mail.get_payload()]  # type: ignore[union-attr,arg-type]  # mail is untyped

    async def until(self, messages: int) -> None:
        """Wait for so many messages of the body."""
        async with asyncio.timeout(5), self.more:
            await self.more.wait_for(lambda: len(self.messages) >= messages)


async def asked(
    executor: Callable[[Operation, Someone], Awaitable[Any]],
    *,
    accept: str = APOLLO_4,
    query: Any = DEFERRED,
    options: Options | None = None,
    during: Callable[[Exchange], Awaitable[None]] | None = None,
    **headers: str,
) -> Exchange:
    """Send one request over ASGI; where `during` is given, leave when it returns."""
    app = create_app(schema=schema(), execute=executor, authenticate=authenticate, options=options or Options())
    exchange, left = Exchange(), asyncio.Event()
    body = json.dumps(query if isinstance(query, list) else {"query": query}).encode()
    requests: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        if requests:
            return requests.pop()
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            exchange.status = message["status"]
            exchange.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            return
        async with exchange.more:
            exchange.messages.append(message["body"])
            exchange.more.notify_all()

    sent = {"accept": accept, "content-type": "application/json"} | headers
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "query_string": b"",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in sent.items()],
    }
    running = asyncio.create_task(app(scope, receive, send))
    if during is not None:
        await during(exchange)
        left.set()
    await asyncio.wait_for(running, 5)
    return exchange


def create() -> Starlette:
    """For a real server: all comes after pauses, the third part only in a minute. `/seen` tells of the end."""
    configure_logs()
    pending = [Pending(str(each), (), str(each)) for each in range(3)]

    async def script() -> AsyncGenerator[Part, None]:
        for each, pause in zip(pending, (0.05, 0.05, 60), strict=True):
            await asyncio.sleep(pause)
            yield DeferredPart(pending=each, data={"viewer": each.label})

    executor = Scripted(pending, script, ExecutionResult({"hello": "you"}), seconds=0.2)

    async def seen(_request: Request) -> JSONResponse:
        return JSONResponse({"ended": executor.ended.is_set()})

    return create_app(
        schema=schema(),
        execute=executor,
        authenticate=authenticate,
        options=Options(),
        extra_routes=[Route("/seen", seen)],
    )
