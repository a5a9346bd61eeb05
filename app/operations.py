"""Runs one operation for one caller: a context of its own, one snapshot, and nothing left behind when it ends."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import replace
from typing import Any, ClassVar, Final

import strawberry
from graphql import ExecutionResult, FieldNode, FragmentSpreadNode, InlineFragmentNode, OperationType

from app.http.cache_counts import CacheCounts
from app.http.operation import Operation
from app.sign_in.callers import Caller
from authz.actor import Actor
from authz.powers import PrincipalKind
from domain.records.commands import audit_as
from execution.executor import Executor
from execution.operation import Operation as Executable
from execution.parts.incremental import Incremental
from resolvers.context import Context
from resolvers.facilities import Facilities
from schema.sources import LEAVES
from tenancy.database import Database
from tenancy.live import Hub


class Operations:
    """The executor that the transport calls; errors stay in the result, for the transport to mask."""

    _context: ClassVar[type[Context]] = Context

    def __init__(
        self,
        schema: strawberry.Schema,
        database: Database,
        facilities: Facilities,
    ) -> None:
        self.schema: Final = schema._schema  # noqa: SLF001 - graphql-core's, which Strawberry keeps for itself
        self.executor: Final = Executor(self.schema, LEAVES)
        self._database = database
        self._facilities = facilities

    @property
    def caches(self) -> Mapping[str, CacheCounts]:
        """How often plans and statements were there already."""
        executor = self.executor
        return {"plans": executor.plans, "statements": executor.statements.cache, "joints": executor.joints.cache}

    async def __call__(self, operation: Operation, caller: Caller) -> ExecutionResult | Incremental:
        """The result; cancelled, it stops its statements and rolls back."""
        context = self.context(operation, caller)
        try:
            result = await self._execute(operation, context)
        except BaseException:
            await context.close()
            raise
        if isinstance(result, Incremental):
            parts = self._parts(result, operation, caller, context)
            await anext(parts)
            return replace(result, parts=parts)
        await context.close()
        await self.audit(operation, caller)
        return result

    def context(self, operation: Operation, caller: Caller, hub: Hub | None = None) -> Context:
        """What the operation's resolvers have; `hub` is for those that begin subscriptions."""
        return self._context(
            self._database,
            caller.actor,
            self._facilities,
            operation.rate_limit,
            hub,
            {"ip_address": caller.address, "request_id": operation.request_id},
        )

    async def _execute(self, operation: Operation, context: Context) -> ExecutionResult | Incremental:
        if operation.increments and operation.kind is OperationType.QUERY:
            return await self.executor.deliver(executable(operation), context)
        return await self.executor.execute(executable(operation), context)

    async def _parts(
        self, answer: Incremental, operation: Operation, caller: Caller, context: Context
    ) -> AsyncGenerator[Any, None]:
        """The parts, of one snapshot that ends with them; first of all None, so that it does end."""
        try:
            await self.audit(operation, caller)
            yield None
            async with aclosing(answer.parts) as parts:
                async for part in parts:
                    yield part
        finally:
            await context.close()

    async def audit(self, operation: Operation, caller: Caller) -> None:
        """Before anybody is answered, so that nothing is read without a trace."""
        if caller.actor is not None and caller.actor.principal is PrincipalKind.TEMPORARY_SUPPORT:
            await self._audit_read(operation, caller.actor)

    async def _audit_read(self, operation: Operation, actor: Actor) -> None:
        """What a temporary support account read, in the tenant's log (A32)."""
        async with self._database.writing(actor.scope) as session:
            audit_as(session, actor, "temporary_account.read", "ticket", actor.ticket_id, after=described(operation))


def executable(operation: Operation) -> Executable:
    """What the planner needs of an operation."""
    return Executable(
        key=(operation.document_hash, operation.operation_name),
        definition=operation.node,
        fragments=operation.fragments,
        variables=operation.values,
        given=operation.variables,
    )


def described(operation: Operation) -> dict[str, Any]:
    """The name of an operation and those of the fields at its root, each once."""
    fragments = dict(operation.fragments)
    waiting = list(operation.node.selection_set.selections)
    found: dict[str, None] = {}
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, FieldNode):
            found[node.name.value] = None
        elif isinstance(node, InlineFragmentNode):
            waiting += node.selection_set.selections
        elif isinstance(node, FragmentSpreadNode) and node.name.value in fragments:
            waiting += fragments.pop(node.name.value).selection_set.selections
    name = operation.node.name
    return {"operation": name.value if name else None, "fields": list(found)}
