"""Runs the statements of one operation, one after another, in one snapshot that the first of them opens."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any, Final, TypeAlias

import asyncpg

from execution.sql.statements import Statement

Snapshot: TypeAlias = Callable[[], AbstractAsyncContextManager[Any]]

GIVEN_UP: Final = (asyncpg.OperatorInterventionError, asyncpg.PostgresConnectionError)
"""Statements that took too long or were cancelled, and servers that are gone: nothing to try again."""


class Reader:
    """`open_snapshot` begins a read-only transaction on a connection of the driver (`execution.sql.columns`).

    A statement that fails takes those after it along, and what travels with it: a savepoint before each would cost a
    round trip. The operation is read once more, each statement by itself after a savepoint, where that has happened
    (`begins_again`).
    """

    def __init__(self, open_snapshot: Snapshot) -> None:
        self._open = open_snapshot
        self._stack = AsyncExitStack()
        self._connection: Any = None
        self._failure: Exception | None = None
        self._spoiled = False
        self._careful = False

    async def fetch(self, statement: Statement, values: Sequence[Any]) -> list[Any]:
        """All rows, as the driver gives them."""
        if self._connection is None:
            self._connection = await self._stack.enter_async_context(self._open())
        try:
            return await (self._kept if self._careful else self._connection.fetch)(statement.text, *values)
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            self._failure = self._failure or error
            self._spoiled = self._spoiled or statement.several or isinstance(error, asyncpg.InFailedSQLTransactionError)
            raise

    async def begins_again(self) -> bool:
        """Whether statements failed because one before them had: then what is read now is of a new snapshot."""
        if self._careful or not self._spoiled or isinstance(self._failure, GIVEN_UP):
            return False
        self._careful = True
        await self.close()
        return True

    async def _kept(self, text: str, *values: Any) -> list[Any]:
        """The rows of a statement that leaves the snapshot as it was, even if it fails."""
        await self._connection.execute("SAVEPOINT statement")
        try:
            return await self._connection.fetch(text, *values)  # type: ignore[no-any-return]  # the driver's
        except asyncpg.PostgresError:
            await self._connection.execute("ROLLBACK TO statement")
            raise

    async def close(self) -> None:
        """End the snapshot, if there is one; the next statement begins a new one."""
        if self._connection is None:
            return
        self._connection = None
        await self._stack.aclose()
