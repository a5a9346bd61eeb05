"""Runs the statements of one operation, one after another, in one snapshot that the first of them opens."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.ext.asyncio import AsyncSession

from execution.paging import Row

Snapshot = Callable[[], AbstractAsyncContextManager[AsyncSession]]


class Reader:
    """`open_snapshot` begins a read-only transaction; `parameters` are named values for every statement."""

    def __init__(self, open_snapshot: Snapshot, parameters: Mapping[str, Any]) -> None:
        self._open = open_snapshot
        self._parameters = dict(parameters)
        self._stack = AsyncExitStack()
        self._session: AsyncSession | None = None
        self._one_at_a_time = asyncio.Lock()
        self._over = False

    async def rows(self, statement: Executable, **values: Any) -> list[Row]:
        """All rows as dictionaries by column name."""
        async with self._one_at_a_time:
            if self._over:
                raise RuntimeError("the snapshot is over")
            if self._session is None:
                self._session = await self._stack.enter_async_context(self._open())
            result = await self._session.execute(statement, self._parameters | values)
        return [dict(row) for row in result.mappings()]

    async def close(self) -> None:
        """End the snapshot, for good: graphql-core settles in the background what nobody waits for any more."""
        async with self._one_at_a_time:
            self._over = True
            await self._stack.aclose()
