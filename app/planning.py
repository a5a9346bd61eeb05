"""Plans by command: an operation as one account would ask it, looked at and, if wanted, run."""

import time
from collections.abc import Sequence
from typing import Any

from graphql import OperationType, Source

from app.clock import utc_now
from app.explain import described
from app.facilities import facilities_of
from app.operation_text import operation_of
from app.operations import Operations
from app.secret import secret_key
from app.settings import Settings
from app.sign_in.parts import sign_in
from app.tokens import access_token
from authz.actor import Actor
from execution.operation import Operation
from execution.sql.statements import Statement
from resolvers.context import Context
from schema.build import build
from tenancy.database import Database


class TimedContext(Context):
    """Notes for each statement how often it ran, for how many milliseconds in all, and how many rows it gave."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._noted: dict[str, tuple[int, float, int]] = {}

    async def fetch(self, statement: Statement, values: Sequence[Any]) -> list[Any]:
        """The rows of a statement, which is timed."""
        started = time.perf_counter()
        rows = await super().fetch(statement, values)
        times, milliseconds, count = self._noted.get(statement.text, (0, 0.0, 0))
        spent = (time.perf_counter() - started) * 1000
        self._noted[statement.text] = (times + 1, milliseconds + spent, count + len(rows))
        return rows

    def measured(self, statement: Statement) -> str:
        """What running the statement took."""
        noted = self._noted.get(statement.text)
        if noted is None:
            return "did not run: there was nothing to read it for" if self._noted else ""
        times, milliseconds, rows = noted
        often = "" if times == 1 else f" in {times} runs"
        return f"{milliseconds:.2f} ms, {rows} row{'' if rows == 1 else 's'}{often}"


async def planned(
    settings: Settings, url: str, email: str, source: Source, name: str | None, variables: str, *, run: bool
) -> str:
    """The statements of an operation, as text; raises `SetupError` for what cannot be asked."""
    token = await access_token(settings, url, email)
    database = Database(url, pool_size=2, statement_timeout=settings.statement_timeout)
    try:
        secret = secret_key(settings)
        actor = await sign_in(settings, database, secret, utc_now).authentication.actor(token)
        facilities = facilities_of(settings, secret, database, utc_now)
        operations = Operations(build(), database, facilities)
        operation = operation_of(operations.schema, source, name, variables)
        context = TimedContext(database, actor, facilities)
        return await _told(operations, operation, context, actor, run=run)
    finally:
        await database.close()


async def _told(operations: Operations, operation: Operation, context: TimedContext, actor: Actor, *, run: bool) -> str:
    try:
        if run and operation.definition.operation is OperationType.QUERY:
            await operations.executor.execute(operation, context, apart=True)
        steps = await operations.executor.explain(operation, context)
    finally:
        await context.close()
    return "\n".join(described(steps, actor.powers, context.measured))
