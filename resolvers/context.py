"""What a resolver has: the gate of the request, rows of one snapshot, and a way to run commands."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeVar
from uuid import UUID

import strawberry
from sqlalchemy import Select

from authz.actor import Actor
from authz.errors import UnauthenticatedError
from authz.gate import Gate
from execution.ask import Ask
from execution.ids import UnknownIdError
from execution.paging import Row
from execution.reader import Reader
from execution.relation import KEYS, Cardinality, Relation, related
from execution.sql.statements import Statement, compiled
from resolvers.facilities import Facilities
from tenancy.database import Database
from tenancy.live import Hub

T = TypeVar("T")


class Context:
    """One operation of one caller. `actor` is None for somebody who is not signed in; `seen` is known of them, too."""

    def __init__(
        self,
        database: Database,
        actor: Actor | None,
        facilities: Facilities,
        rate_limit: Any = None,
        hub: Hub | None = None,
        seen: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.database = database
        self.facilities = facilities
        self._hub = hub
        self._seen = seen
        self.rate_limit = rate_limit
        self._actor = actor
        self._reader = Reader(lambda: self.database.snapshot(self.actor.scope))

    @property
    def actor(self) -> Actor:
        """Who asks; raises `UnauthenticatedError` where nobody is signed in."""
        if self._actor is None:
            raise UnauthenticatedError
        return self._actor

    @property
    def hub(self) -> Hub:
        """Where live updates come from."""
        if self._hub is None:
            raise RuntimeError("this context was made without live updates")
        return self._hub

    async def visiting(self, about: str) -> "Context":
        """The context of somebody who has not signed in, whoever asks, and deals with one address or link (C2, C15)."""
        return Context(self.database, await self.facilities.visitors.actor(about, **self._seen), self.facilities)

    @property
    def shape(self) -> Any:
        """What the actor may do: statements are the same for all who may do the same."""
        return None if self._actor is None else self._actor.powers

    @property
    def gate(self) -> Gate:
        """The gate for queries: its grants make statements, and know nothing of the actor but its powers."""
        return Gate(self.actor.powers)

    @property
    def parameters(self) -> Mapping[str, Any]:
        """The actor's values for statements (`authz.binds`)."""
        return self.actor.binds

    async def fetch(self, statement: Statement, values: Sequence[Any]) -> list[Any]:
        """The rows of a statement, in the operation's snapshot."""
        return await self._reader.fetch(statement, values)

    async def begins_again(self) -> bool:
        """Whether the operation is to be run once more, for statements that another one's failure took along."""
        return await self._reader.begins_again()

    async def answer(self, ask: Ask) -> Any:
        """What a root field returns for rows that it asks for: the plan reads them, with the columns that it needs."""
        return ask

    async def rows(self, statement: Select[Any], **values: Any) -> list[Row]:
        """All rows of a statement that a grant has made, for a resolver that has to look at them."""
        made = compiled(statement)
        columns = list(made.layout.positions)
        found = await self.fetch(made, made.values({**self.parameters, **values}))
        return [made.layout.mapping(row, columns) for row in found]

    async def row(self, statement: Select[Any], **values: Any) -> Row | None:
        """The first row, or None."""
        rows = await self.rows(statement.limit(1), **values)
        return rows[0] if rows else None

    async def get(self, batch: Callable[..., Any], key: UUID) -> Row:
        """The row with this key, for a resolver that has to look at it; raises `UnknownIdError`."""
        row = await self.row(related(Relation(batch, "id", Cardinality.ONE), self.gate, {}), **{KEYS: [key]})
        if row is None:
            raise UnknownIdError
        return row

    async def run(self, command: Callable[[Gate], Awaitable[T]]) -> T:
        """Run a command in a transaction of its own; what is read afterwards sees what it did."""
        await self._reader.close()
        async with self.database.writing(self.actor.scope) as session:
            return await command(Gate(self.actor, session))

    async def close(self) -> None:
        """End the snapshot, with the statement that runs in it if nobody waits for it any more."""
        await self._reader.close()


Info = strawberry.Info[Context, None]
