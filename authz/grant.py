"""The choke point: no grant, no rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Delete, Executable, Insert, Select, Update, select
from sqlalchemy.ext.asyncio import AsyncSession

from authz.actor import Actor
from authz.errors import NotFoundError
from authz.permissions import Permission

T = TypeVar("T")


class Guarded(Protocol):
    """A table that says who sees its rows."""

    @classmethod
    def visible_to(cls, actor: Actor) -> ColumnElement[bool]:
        """The rows that `actor` may see."""
        ...


class Keyed(Guarded, Protocol):
    """One whose rows have an identifier of their own."""

    id: Any


G = TypeVar("G", bound=Guarded)
K = TypeVar("K", bound=Keyed)


class Grant:
    """One permission, held by one actor: the only object that makes statements or writes rows.

    Made by `Gate.grant` alone. `now` is the instant of the request: all rules of one request see the same time.
    """

    __slots__ = ("_session", "actor", "now", "permission")

    def __init__(self, actor: Actor, permission: Permission, session: AsyncSession | None) -> None:
        self.actor = actor
        self.permission = permission
        self.now: datetime = actor.now
        self._session = session

    @property
    def session(self) -> AsyncSession:
        """The transaction of a command. A query's grant has none: it only makes statements."""
        if self._session is None:
            raise RuntimeError("a query's grant makes statements and runs none")
        return self._session

    def select(self, model: type[G], *columns: Any) -> Select[Any]:
        """The rows of `model` that the actor sees, as entities, or only `columns` of them."""
        return select(*(columns or (model,))).where(model.visible_to(self.actor))

    def rows_of(self, model: type[G]) -> Select[Any]:
        """The rows of `model` that the actor sees, as plain columns: what queries for the planner are made of."""
        return self.select(model, *model.__table__.columns)  # type: ignore[attr-defined]  # every Guarded is a mapped table

    async def get(self, model: type[K], key: UUID, *, lock: bool = False) -> K:
        """The row with this id, locked for the transaction if asked; raises `NotFoundError` if absent or unseen."""
        row = await self.find(model, key, lock=lock)
        if row is None:
            raise NotFoundError
        return row

    async def find(self, model: type[K], key: UUID, *, lock: bool = False) -> K | None:
        """As `get`, with None where `get` raises."""
        statement = self.select(model).where(model.id == key)
        if lock:
            statement = statement.with_for_update(of=model).execution_options(populate_existing=True)
        row: K | None = await self.first(statement)
        return row

    async def first(self, statement: Select[Any]) -> Any:
        """The first column of the first row, or None."""
        return (await self.session.execute(statement, self.actor.binds)).scalars().first()

    async def all(self, statement: Select[Any]) -> Sequence[Any]:
        """The first column of all rows."""
        found: Sequence[Any] = (await self.session.execute(statement, self.actor.binds)).scalars().all()
        return found

    async def rows(self, statement: Select[Any]) -> list[dict[str, Any]]:
        """All rows as dictionaries by column name."""
        return [dict(row) for row in (await self.session.execute(statement, self.actor.binds)).mappings()]

    def add(self, row: T) -> T:
        """Write a new row with the transaction; the session guard checks its owner."""
        self.session.add(row)
        return row

    async def delete(self, row: object) -> None:
        """Delete a row that was loaded by this grant's session."""
        await self.session.delete(row)

    async def flush(self) -> None:
        """Send what was added or changed to the database now, where a later statement needs it."""
        await self.session.flush()

    async def run(self, statement: Insert | Update | Delete | Executable) -> Any:
        """Run a conditional write of rows that `get` has loaded before: this adds no predicate of its own."""
        return await self.session.execute(statement)
