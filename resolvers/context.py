"""What a resolver has: the gate of the request, rows of one snapshot, and a way to run commands."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import strawberry
from sqlalchemy import Select

from authz.actor import Actor
from authz.errors import UnauthenticatedError
from authz.gate import Gate
from domain.entitlements.secrets import ContractSecrets
from domain.support.uploads import Uploads
from execution.paging import Listing, Page, PageRequest, Row, page_of, paged
from execution.reader import Reader
from execution.relation import Relation, counting
from resolvers.loaders import Loaders
from tenancy.database import Database

T = TypeVar("T")


class Context:
    """One operation of one caller. `actor` is None for somebody who is not signed in."""

    def __init__(
        self,
        database: Database,
        actor: Actor | None,
        rate_limit: Any = None,
        contract_secrets: ContractSecrets | None = None,
        uploads: Uploads | None = None,
    ) -> None:
        self.database = database
        self._contract_secrets = contract_secrets
        self._uploads = uploads
        self.rate_limit = rate_limit
        self._actor = actor
        self._begin()

    @property
    def actor(self) -> Actor:
        """Who asks; raises `UnauthenticatedError` where nobody is signed in."""
        if self._actor is None:
            raise UnauthenticatedError
        return self._actor

    @property
    def contract_secrets(self) -> ContractSecrets:
        """Compares the secret half of support contracts' ids."""
        if self._contract_secrets is None:
            raise RuntimeError("this context was made without the secrets of contracts")
        return self._contract_secrets

    @property
    def uploads(self) -> Uploads:
        """Where uploaded files go."""
        if self._uploads is None:
            raise RuntimeError("this context was made without a place for uploads")
        return self._uploads

    @property
    def gate(self) -> Gate:
        """The gate for queries: its grants make statements, which this context runs."""
        return Gate(self.actor.powers)

    async def related(
        self, relation: Relation, row: Row, arguments: Mapping[str, Any], page: PageRequest | None = None
    ) -> Any:
        """What `relation` leads to from `row`: a row or None, a list of rows, or a page."""
        return await self._loaders.related(relation, row, arguments, page)

    async def count(self, relation: Relation, row: Row, arguments: Mapping[str, Any]) -> int | None:
        """How many rows a paged `relation` leads to from `row`; None where its key is null."""
        return await self._loaders.count(relation, row, arguments)

    async def rows(self, statement: Select[Any]) -> list[Row]:
        """All rows of a statement that a grant has made."""
        return await self._reader.rows(statement)

    async def row(self, statement: Select[Any]) -> Row | None:
        """The first row, or None."""
        rows = await self._reader.rows(statement.limit(1))
        return rows[0] if rows else None

    async def page(self, listing: Listing, request: PageRequest) -> Page:
        """One page of a list."""

        async def count() -> int:
            return int((await self._reader.rows(counting(listing)))[0]["count"])

        return page_of(await self._reader.rows(paged(listing, request)), listing, request, count)

    async def run(self, command: Callable[[Gate], Awaitable[T]]) -> T:
        """Run a command in a transaction of its own; what is read afterwards sees what it did."""
        await self._reader.close()
        async with self.database.writing(self.actor.scope) as session:
            result = await command(Gate(self.actor, session))
        self._begin()
        return result

    async def close(self) -> None:
        """End the snapshot."""
        await self._reader.close()

    async def abort(self) -> None:
        """End the snapshot of an operation that nobody waits for any more, with the statement that runs in it."""
        await self._reader.abort()

    def _begin(self) -> None:
        parameters = self._actor.binds if self._actor else {}
        self._reader = Reader(lambda: self.database.reading(self.actor.scope), parameters)
        self._loaders = Loaders(self._reader, lambda: self.gate)


Info = strawberry.Info[Context, None]
