"""The GraphQL endpoint: POST, and GET for queries."""

import asyncio
from typing import Any, Generic

from graphql import ExecutionResult, GraphQLSchema, OperationType
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.http import graphiql_page
from app.http.body import read_body
from app.http.cross_site import refuse_cross_site
from app.http.errors import HttpError, MethodNotAllowedError
from app.http.headers import header
from app.http.multipart import MultipartResponse
from app.http.negotiation import JSON, incremental_format, prefers_html, require_json, response_type
from app.http.operation import Authenticator, CallerT, Executor
from app.http.options import HttpOptions
from app.http.parameters import Parameters, decode, from_query_string, parameters
from app.http.prepare import Preparation
from app.http.record import RequestRecord
from app.http.replies import Reply, of_refusal, of_result, respond, respond_to_batch
from app.http.running import run
from execution.incremental import Incremental


class GraphQLEndpoint(Generic[CallerT]):
    """An ASGI application for one URL; it answers with GraphQL responses, and browsers with GraphiQL."""

    def __init__(
        self,
        schema: GraphQLSchema,
        execute: Executor[CallerT],
        authenticate: Authenticator[CallerT],
        options: HttpOptions[CallerT],
    ) -> None:
        self._execute = execute
        self._authenticate = authenticate
        self._options = options
        self._preparation = Preparation(schema, options)
        self.caches = self._preparation.caches
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
            return respond(of_refusal(error, RequestRecord.of(request.scope).request_id), media_type)

    async def _answer(self, request: Request, media_type: str) -> Response:
        """Read the request and run what it asks for; raises what refuses the request as a whole."""
        if request.method not in {"GET", "POST"}:
            raise MethodNotAllowedError("Send GET or POST.")
        if request.method == "GET":
            refuse_cross_site(request.headers, self._options.cors_origins)
        else:
            require_json(header(request.scope, b"content-type"), header(request.scope, b"content-encoding"))
        caller = await self._authenticate(request)
        if request.method == "GET":
            sent = from_query_string(request.query_params, self._options.max_json_depth)
            return await self._single(request, sent, caller, media_type)
        body = await read_body(request, self._options.max_body_bytes, self._options.body_seconds)
        value = decode(body, self._options.max_json_depth)
        if not isinstance(value, list):
            return await self._single(request, parameters(value), caller, media_type)
        return respond_to_batch(await self._batch(request, value, caller), media_type)

    async def _single(self, request: Request, sent: Parameters, caller: CallerT, media_type: str) -> Response:
        """Run one operation, answered in parts where the client takes them and the operation has them."""
        wanted = incremental_format(header(request.scope, b"accept"))
        if wanted is None:
            return respond(await self._reply(request, sent, caller), media_type)
        deadline = asyncio.get_running_loop().time() + self._options.request_seconds
        result = await self._result(request, sent, caller, increments=True)
        request_id, most = RequestRecord.of(request.scope).request_id, self._options.max_errors
        if isinstance(result, Incremental):
            return MultipartResponse(result, wanted, request_id, max_errors=most, deadline=deadline)
        return respond(of_result(result, request_id, most), media_type)

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
            result = await self._result(request, sent, caller, increments=False)
        except ClientDisconnect:
            raise
        except Exception as error:
            return of_refusal(error, request_id)
        if isinstance(result, Incremental):
            raise TypeError("an answer in parts that nobody asked for")
        return of_result(result, request_id, self._options.max_errors)

    async def _result(
        self, request: Request, sent: Parameters, caller: CallerT, *, increments: bool
    ) -> ExecutionResult | Incremental:
        record = RequestRecord.of(request.scope)
        operation = self._preparation.prepare(
            sent, caller, record.request_id, queries_only=request.method == "GET", increments=increments
        )
        record.describe(operation.kind.value, operation.operation_name, operation.cost)
        watched = request.receive if operation.kind is OperationType.QUERY else None
        return await run(self._execute(operation, caller), watched, self._options.request_seconds)
