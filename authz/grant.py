"""The choke point: no grant, no rows."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Delete, Executable, Insert, Select, Update, Uuid, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from authz.actor import Actor
from authz.errors import NotFoundError
from authz.party import Party
from authz.permissions import Permission
from authz.powers import Powers
from authz.recipes import kept
from tenancy.session import work_of
from tenancy.work import Fill

T = TypeVar("T")


class Guarded(Protocol):
    """A table that says who sees its rows."""

    @classmethod
    def visible_to(cls, powers: Powers) -> ColumnElement[bool]:
        """The rows that those of these powers may see."""
        ...


class Keyed(Guarded, Protocol):
    """One whose rows have an identifier of their own."""

    id: Any


G = TypeVar("G", bound=Guarded)
K = TypeVar("K", bound=Keyed)


class Grant(Party):
    """One permission that these powers hold: the only object that makes statements or writes rows.

    Made by `Gate.grant` alone. A query's grant only makes statements, whose text must not depend on who asks or when:
    it has powers and nobody who has them. A command's has its actor and the transaction, too.
    """

    __slots__ = ("permission",)

    def __init__(
        self, powers: Powers, permission: Permission, actor: Actor | None, session: AsyncSession | None
    ) -> None:
        super().__init__(powers, actor, session)
        self.permission = permission

    @property
    def now(self) -> datetime:
        """The instant of the request: all rules of one command see the same time. In statements, `binds.NOW`."""
        return self.actor.now

    def select(self, model: type[G], *columns: Any) -> Select[Any]:
        """The rows of `model` that the actor sees, as entities, or only `columns` of them."""
        return select(*(columns or (model,))).where(model.visible_to(self.powers))

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
        row: K | None = (await self._execute(by_key(model, self.powers, lock), key=key)).scalars().first()
        return row

    async def first(self, statement: Select[Any]) -> Any:
        """The first column of the first row, or None."""
        return (await self._execute(statement)).scalars().first()

    async def all(self, statement: Select[Any]) -> Sequence[Any]:
        """The first column of all rows."""
        found: Sequence[Any] = (await self._execute(statement)).scalars().all()
        return found

    async def rows(self, recipe: "Recipe", **values: Any) -> list[dict[str, Any]]:
        """All rows of what the recipe makes, as dictionaries by column name; `values` are its named ones.

        It is made once for all of the same powers: this is how commands read what they need not lock or change.
        """
        made = kept((recipe, self.powers, self.permission), lambda: recipe(self._without_actor()))
        return await made.rows(self.session, self.actor.binds | values)

    def add(self, row: T) -> T:
        """Write a new row with the transaction; the session guard checks its owner."""
        self.session.add(row)
        return row

    def write(self, model: type[G], *rows: dict[str, Any], once: bool = False, **filled: Fill) -> None:
        """Write new rows that are not changed again, in one statement with all others that wait to be written.

        They have all columns without a default of the database's; with `once`, what is there already stays as it is.
        `filled` are columns that the database fills, by an expression over the row's other columns.
        """
        work_of(self.session).write(model.__table__, rows, once=once, **filled)  # type: ignore[attr-defined]  # as in `rows_of`

    async def delete(self, row: object) -> None:
        """Delete a row that was loaded by this grant's session."""
        await self.session.delete(row)

    async def flush(self) -> None:
        """Send what was added or changed to the database now, where a later statement needs it."""
        await work_of(self.session).send()
        await self.session.flush()

    async def run(self, statement: Insert | Update | Delete | Executable) -> Any:
        """Run a conditional write of rows that `get` has loaded before: this adds no predicate of its own."""
        await work_of(self.session).send()
        return await self.session.execute(statement)

    async def _execute(self, statement: Select[Any], **values: Any) -> Any:
        await work_of(self.session).send()
        return await self.session.execute(statement, self.actor.binds | values)

    def _without_actor(self) -> "Grant":
        """The same for statements alone, whose text nobody's identity may decide."""
        return type(self)(self.powers, self.permission, None, None)


Recipe = Callable[[Grant], Select[Any]]
"""A function of a module that makes a statement, with `bindparam` for every value that is not the same in all calls."""


@lru_cache(maxsize=1_000)
def by_key(model: type[K], powers: Powers, lock: bool) -> Select[Any]:
    """The row of `key`, if it is seen."""
    statement = select(model).where(model.visible_to(powers), model.id == bindparam("key", type_=Uuid()))
    if lock:
        statement = statement.with_for_update(of=model).execution_options(populate_existing=True)
    return statement
