"""Two ways to one answer: graphql-core, which is right by definition, and what production runs.

Both get the same prepared operation, the same actor (and with it the same instant) and the same rows.
"""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any
from unittest.mock import patch

import orjson
import strawberry
from graphql import ExecutionResult

from app.attachments.parts import uploads_of
from app.http.operation import Operation
from app.http.options import HttpOptions
from app.http.parameters import Parameters
from app.http.prepare import Preparation
from app.http.rate_limit import RateLimit
from app.http.replies import of_refusal, of_result
from app.operations import Operations
from app.sign_in.callers import Caller
from authz.actor import Actor
from execution.cost.limits import Limits
from schema.build import build
from tests.oracle.operations import OracleOperations
from tests.support.app import SECRET, Running
from tests.support.schema import built

REQUEST = "request-of-the-tests"
UNLIMITED = Limits(cost=10**9, depth=60, aliases=10**6, directives=10**6, root_fields=10**6)
ALL_ERRORS = 10**6


@cache
def _resolved() -> strawberry.Schema:
    """The schema of the oracles: one of their own, since they give resolvers to fields."""
    return build()


class _Quiet(Operations):
    """Leaves no trace of what was read, so that both sides, and every run, find the same log."""

    async def _audit_read(self, *_: object) -> None:
        """Not here."""


class _Planned(_Quiet):
    """Production's own."""


class _Oracle(_Quiet, OracleOperations):
    """graphql-core's."""


class Sides:
    """The oracle and the planned answer over one application's database. Limits are tested elsewhere: here are none."""

    def __init__(self, client: Running, objects_url: str) -> None:
        schema = built()
        self._client = client
        facilities = replace(client.facilities, uploads=uploads_of(objects_url, SECRET))
        self._schema = schema._schema
        self._preparation: Preparation[Caller] = Preparation(
            self._schema, HttpOptions(limits=UNLIMITED, max_tokens=10**6, document_cache=10**5)
        )
        self._planned = _Planned(schema, client.database, facilities)
        self._oracle = _Oracle(_resolved(), client.database, facilities)

    async def oracle(
        self, document: str, variables: Mapping[str, Any], operation_name: str | None, actor: Actor | None
    ) -> dict[str, Any]:
        """What graphql-core answers, relations served by DataLoaders."""
        with patch("graphql.execution.executor.gather_with_cancel", gather_all):
            return await self._answer(self._oracle, document, variables, operation_name, actor)

    async def planned(
        self, document: str, variables: Mapping[str, Any], operation_name: str | None, actor: Actor | None
    ) -> dict[str, Any]:
        """What production answers."""
        return await self._answer(self._planned, document, variables, operation_name, actor)

    async def _answer(
        self,
        execute: Operations,
        document: str,
        variables: Mapping[str, Any],
        operation_name: str | None,
        actor: Actor | None,
    ) -> dict[str, Any]:
        caller = Caller(actor, "127.0.0.1")
        sent = Parameters(document, None, None, operation_name, variables)
        try:
            operation = self._preparation.prepare(sent, caller, REQUEST, queries_only=False)
            result = await execute(operation._replace(rate_limit=self._rate_limit(operation)), caller)
        except Exception as error:
            return _plain(of_refusal(error, REQUEST).body)
        assert isinstance(result, ExecutionResult)  # nobody took parts
        return _plain(of_result(result, REQUEST, ALL_ERRORS).body)

    def _rate_limit(self, operation: Operation) -> RateLimit:
        return RateLimit(operation.cost, 10**9, 10**9 - operation.cost, self._client.clock() + timedelta(hours=1))


async def gather_all(*awaitables: Awaitable[Any]) -> list[Any]:
    """Wait for all siblings, then fail with the first error among them.

    graphql-core cancels the siblings of a field that has failed. GraphQL allows that, but DataLoaders, which siblings
    share, do not survive it: other parts of the answer would be lost, and the snapshot with them.
    """
    results = await asyncio.gather(*awaitables, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results


def _plain(body: Mapping[str, Any]) -> dict[str, Any]:
    """As a client reads it."""
    read: dict[str, Any] = orjson.loads(orjson.dumps(body))
    return read
