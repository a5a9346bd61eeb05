"""The GraphQL endpoint: POST, and GET for queries."""

import asyncio
from typing import Any, Final, Generic

from graphql import ExecutionResult, OperationType
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.http import graphiql_page
from app.http.body import read_body
from app.http.cross_site import refuse_cross_site, require_preflight
from app.http.errors import HttpError, MethodNotAllowedError, SignInRequiredError
from app.http.event_stream import follow, told_at_once
from app.http.form import is_form, received_form
from app.http.headers import header
from app.http.live import Live
from app.http.multipart import MultipartResponse
from app.http.negotiation import (
    JSON,
    accepts_events,
    incremental_format,
    prefers_events,
    prefers_html,
    require_json,
    response_type,
)
from app.http.operation import Authenticator, CallerT, Executor, Operation
from app.http.options import HttpOptions
from app.http.parameters import Parameters, decode, from_query_string, parameters
from app.http.prepare import Preparation
from app.http.record import RequestRecord
from app.http.replies import Reply, of_refusal, of_result, respond, respond_to_batch
from app.http.running import run
from execution.parts.incremental import Incremental

UNAUTHORIZED: Final = 401


class GraphQLEndpoint(Generic[CallerT]):
    """An ASGI application for one URL; it answers with GraphQL responses, and browsers with GraphiQL."""

    def __init__(
        self,
        preparation: Preparation[CallerT],
        execute: Executor[CallerT],
        authenticate: Authenticator[CallerT],
        options: HttpOptions[CallerT],
        live: Live[CallerT] | None = None,
    ) -> None:
        self._execute = execute
        self._authenticate = authenticate
        self._options = options
        self._preparation = preparation
        self._live = live
        self._page = graphiql_page.render(options) if options.graphiql else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a client that left gets no answer."""
        request = Request(scope, receive)
        try:
            response = await self._respond(request)
            await response(scope, receive, send)
        except ClientDisconnect:
            RequestRecord.of(scope).client_left = True

    async def _respond(self, request: Request) -> Response:
        media_type = JSON
        accept = header(request.scope, b"accept")
        if self._page is not None and request.method == "GET" and prefers_html(accept):
            return graphiql_page.respond(self._page)
        try:
            media_type = response_type(accept)
            return await self._answer(request, media_type)
        except ClientDisconnect:
            raise
        except Exception as error:
            reply = of_refusal(error, RequestRecord.of(request.scope).request_id)
            if self._live is not None and prefers_events(accept) and reply.well_formed and reply.status != UNAUTHORIZED:
                return told_at_once(reply)
            return respond(reply, media_type)

    async def _answer(self, request: Request, media_type: str) -> Response:
        """Read the request and run what it asks for; raises what refuses the request as a whole."""
        if request.method not in {"GET", "POST"}:
            raise MethodNotAllowedError("Send GET or POST.")
        if request.method == "GET":
            refuse_cross_site(request.headers, self._options.cors_origins)
        elif is_form(header(request.scope, b"content-type")):
            return await self._form(request, media_type)
        else:
            require_json(header(request.scope, b"content-type"), header(request.scope, b"content-encoding"))
        caller = await self._authenticate(request)
        if request.method == "GET":
            sent = from_query_string(request.query_params, self._options.max_json_depth)
            return await self._single(request, sent, caller, media_type)
        body = await read_body(request, self._options.max_body_bytes, self._options.body_seconds)
        return await self._asked(request, decode(body, self._options.max_json_depth), caller, media_type)

    async def _form(self, request: Request, media_type: str) -> Response:
        """A request with files, of which not a byte is read before it is clear that somebody may send them."""
        require_preflight(request.headers)
        caller = await self._authenticate(request)
        if not self._options.may_upload(caller):
            raise SignInRequiredError
        async with received_form(request, self._options) as value:
            return await self._asked(request, value, caller, media_type)

    async def _asked(self, request: Request, value: Any, caller: CallerT, media_type: str) -> Response:
        """What one operation or a batch of them answers."""
        if not isinstance(value, list):
            return await self._single(request, parameters(value), caller, media_type)
        return respond_to_batch(await self._batch(request, value, caller), media_type)

    async def _single(self, request: Request, sent: Parameters, caller: CallerT, media_type: str) -> Response:
        """Run one operation, answered in events or in parts where the client takes them and the operation has them."""
        accept = header(request.scope, b"accept")
        events = self._live is not None and prefers_events(accept)
        wanted = None if events else incremental_format(accept)
        deadline = asyncio.get_running_loop().time() + self._options.request_seconds
        operation = self._prepared(request, sent, caller, increments=wanted is not None, accept=accept)
        if self._live is not None and operation.kind is OperationType.SUBSCRIPTION:
            return await follow(self._live, operation, request, self._options.max_errors)
        result = await self._run(request, operation, caller)
        request_id, most = operation.request_id, self._options.max_errors
        if isinstance(result, Incremental) and wanted is not None:
            return MultipartResponse(result, wanted, request_id, max_errors=most, deadline=deadline)
        reply = of_result(_whole(result), request_id, most)
        return told_at_once(reply) if events else respond(reply, media_type)

    async def _batch(self, request: Request, values: list[Any], caller: CallerT) -> list[Reply]:
        """Run a batch, one operation after the other."""
        most = self._options.max_batch
        if not 1 <= len(values) <= most or most == 1:
            allowed = f"Batches hold 1 to {most} requests." if most > 1 else "Batches are turned off."
            raise HttpError(allowed, what="batch", limit=most, actual=len(values))
        sent = [parameters(value) for value in values]
        return [await self._reply(request, each, caller) for each in sent]

    async def _reply(self, request: Request, sent: Parameters, caller: CallerT) -> Reply:
        request_id = RequestRecord.of(request.scope).request_id
        try:
            result = _whole(await self._run(request, self._prepared(request, sent, caller), caller))
        except ClientDisconnect:
            raise
        except Exception as error:
            return of_refusal(error, request_id)
        return of_result(result, request_id, self._options.max_errors)

    def _prepared(
        self,
        request: Request,
        sent: Parameters,
        caller: CallerT,
        *,
        increments: bool = False,
        accept: str | None = None,
    ) -> Operation:
        """The operation to run; subscriptions are served to those whose `accept` names event streams."""
        record = RequestRecord.of(request.scope)
        operation = self._preparation.prepare(
            sent,
            caller,
            record.request_id,
            queries_only=request.method == "GET",
            increments=increments,
            subscriptions=self._live is not None and accepts_events(accept),
        )
        record.describe(operation.kind.value, operation.operation_name, operation.cost)
        return operation

    async def _run(self, request: Request, operation: Operation, caller: CallerT) -> ExecutionResult | Incremental:
        watched = request.receive if operation.kind is OperationType.QUERY else None
        return await run(self._execute(operation, caller), watched, self._options.request_seconds)


def _whole(result: ExecutionResult | Incremental) -> ExecutionResult:
    if isinstance(result, Incremental):
        raise TypeError("an answer in parts that nobody asked for")
    return result
