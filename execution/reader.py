"""Runs the statements of one operation, one after another, in one snapshot that the first of them opens."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any, TypeAlias

from execution.statements import Statement

Snapshot: TypeAlias = Callable[[], AbstractAsyncContextManager[Any]]


class Reader:
    """`open_snapshot` begins a read-only transaction on a connection of the driver (`execution.columns` says which)."""

    def __init__(self, open_snapshot: Snapshot) -> None:
        self._open = open_snapshot
        self._stack = AsyncExitStack()
        self._connection: Any = None

    async def fetch(self, statement: Statement, values: Sequence[Any]) -> list[Any]:
        """All rows, as the driver gives them."""
        if self._connection is None:
            self._connection = await self._stack.enter_async_context(self._open())
        rows: list[Any] = await self._connection.fetch(statement.text, *values)
        return rows

    async def close(self) -> None:
        """End the snapshot; the next statement begins a new one."""
        self._connection = None
        await self._stack.aclose()
