"""Runs one operation for one caller: a context of its own, one snapshot, and nothing left behind when it ends."""

import inspect
from typing import Any

import strawberry
from graphql import (
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    experimental_execute_incrementally,
    get_operation_ast,
)
from graphql.execution import Executor

from app.http.operation import Operation
from app.sign_in.callers import Caller
from authz.actor import Actor
from authz.powers import PrincipalKind
from domain.entitlements.secrets import ContractSecrets
from domain.records.commands import audit_as
from domain.support.uploads import Uploads
from resolvers.context import Context
from tenancy.database import Database


class Operations:
    """The executor that the transport calls; errors stay in the result, for the transport to mask."""

    def __init__(
        self, schema: strawberry.Schema, database: Database, contract_secrets: ContractSecrets, uploads: Uploads
    ) -> None:
        self._schema = schema._schema  # noqa: SLF001 - graphql-core's schema, which Strawberry keeps for itself
        self._database = database
        self._contract_secrets = contract_secrets
        self._uploads = uploads

    async def __call__(self, operation: Operation, caller: Caller) -> ExecutionResult:
        """The result; cancelled, it stops its statements and rolls back."""
        context = Context(self._database, caller.actor, operation.rate_limit, self._contract_secrets, self._uploads)
        try:
            result = await self._execute(operation, context)
        except BaseException:
            await context.abort()
            raise
        await context.close()
        if caller.actor is not None and caller.actor.principal is PrincipalKind.TEMPORARY_SUPPORT:
            await self._audit_read(operation, caller.actor)
        return result

    async def _execute(self, operation: Operation, context: Context) -> ExecutionResult:
        result: Any = experimental_execute_incrementally(
            self._schema,
            operation.document,
            context_value=context,
            variable_values=dict(operation.variables),
            operation_name=operation.operation_name,
            executor_class=Executor,  # the one that ignores @defer and @stream
        )
        if inspect.isawaitable(result):
            result = await result
        return result  # type: ignore[no-any-return]  # graphql-core promises more than one, for @defer

    async def _audit_read(self, operation: Operation, actor: Actor) -> None:
        """What a temporary support account read, in the tenant's log (A32)."""
        async with self._database.writing(actor.scope) as session:
            await audit_as(
                session, actor, "temporary_account.read", "ticket", actor.ticket_id, after=described(operation)
            )


def described(operation: Operation) -> dict[str, Any]:
    """The name of an operation and those of the fields at its root, each once."""
    parts = operation.document.definitions
    fragments = {node.name.value: node for node in parts if isinstance(node, FragmentDefinitionNode)}
    chosen = get_operation_ast(operation.document, operation.operation_name)
    waiting = list(chosen.selection_set.selections) if chosen else []
    found: dict[str, None] = {}
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, FieldNode):
            found[node.name.value] = None
        elif isinstance(node, InlineFragmentNode):
            waiting += node.selection_set.selections
        elif isinstance(node, FragmentSpreadNode) and node.name.value in fragments:
            waiting += fragments.pop(node.name.value).selection_set.selections
    return {"operation": chosen.name.value if chosen and chosen.name else None, "fields": list(found)}
