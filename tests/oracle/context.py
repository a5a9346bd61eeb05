"""The context of an operation that graphql-core executes: what a root field asks for is read at once, and whole."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from authz.gate import Gate
from execution.ask import Ask
from execution.paging import PageRequest, Row, cursor_values, paged
from execution.relation import Cardinality, Relation, counting, listing_of
from execution.sql.statements import Statement
from resolvers.context import Context
from tests.oracle.loaders import Loaders
from tests.oracle.pages import Page, page_of
from tests.oracle.reader import Reader

T = TypeVar("T")


class OracleContext(Context):
    """Rows come through SQLAlchemy, as dictionaries of all their columns."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._one_at_a_time = asyncio.Lock()
        self._begin()

    async def fetch(self, statement: Statement, values: Sequence[Any]) -> list[Any]:
        """As production's; but graphql-core resolves root fields side by side, and a connection runs one statement."""
        async with self._one_at_a_time:
            return await super().fetch(statement, values)

    async def answer(self, ask: Ask) -> Any:
        """What a root field asks for."""
        if ask.page is not None:
            return await self._page(ask, ask.page)
        if ask.key is not None:
            relation = Relation(ask.batch, "id", Cardinality.ONE)
            row = await self.loaders.related(relation, ask.key, ask.arguments)
            return self._present(ask, row) | {"__typename": ask.typename}
        rows = await self._rows_of(ask.batch(self.gate, **ask.arguments))
        return rows if ask.cardinality is Cardinality.MANY else self._present(ask, rows[0] if rows else None)

    async def run(self, command: Callable[[Gate], Awaitable[T]]) -> T:
        """Run a command; what is read afterwards sees what it did."""
        await self._oracle.close()
        result = await super().run(command)
        self._begin()
        return result

    async def close(self) -> None:
        """End both snapshots."""
        await self._oracle.close()
        await super().close()

    async def _page(self, ask: Ask, request: PageRequest) -> Page:
        listing = listing_of(ask.batch(self.gate, **ask.arguments))

        async def count() -> int:
            return int((await self._rows_of(counting(listing)))[0]["count"])

        rows = await self._rows_of(paged(listing, request.shape), **cursor_values(listing.order, request))
        return page_of(rows, listing.order, request, count, ask.extra)

    async def _rows_of(self, statement: Any, **values: Any) -> list[Row]:
        return await self._oracle.rows(statement, **values)

    @staticmethod
    def _present(ask: Ask, row: Row | None) -> Row:
        if row is None:
            raise ask.missing or LookupError("nothing is there")
        return row

    def _begin(self) -> None:
        parameters = self._actor.binds if self._actor else {}
        self._oracle = Reader(lambda: self.database.reading(self.actor.scope), parameters)
        self.loaders = Loaders(self._oracle, lambda: self.gate)
