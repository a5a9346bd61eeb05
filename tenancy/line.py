"""A connection on which commands that answer nothing travel with the statement that comes after them.

BEGIN, SET and COMMIT by themselves would cost a round trip each, which is more than a small statement takes. The
driver cannot send one message before the last is answered; but a server answers what it is sent in its order, and the
driver, while it waits for a statement's rows, lets the answers to such commands pass. So they are written to the
connection just before the driver writes the statement.
"""

import struct
from collections import OrderedDict
from collections.abc import AsyncGenerator, Awaitable
from contextlib import suppress
from functools import lru_cache
from typing import Any, Final, TypeAlias, TypeVar

import asyncpg
from asyncpg.prepared_stmt import PreparedStatement
from sqlalchemy.ext.asyncio import AsyncConnection

Connection: TypeAlias = asyncpg.Connection
T = TypeVar("T")


class Line:
    """A connection of the driver; `orm` is what SQLAlchemy has around it, where it needs it.

    At most `keeps` statements stay prepared; with none, for poolers that cannot keep them, commands travel alone.
    """

    __slots__ = ("_keeps", "_prepared", "_waiting", "driver", "is_busy", "orm")

    def __init__(self, driver: Connection, orm: AsyncConnection | None = None, *, keeps: int = 0) -> None:
        self.driver: Final = driver
        self.orm: Final = orm
        self.is_busy = False
        self._keeps: Final = keeps
        self._prepared: OrderedDict[str, PreparedStatement[Any]] = OrderedDict()
        self._waiting: tuple[str, ...] = ()

    @property
    def is_usable(self) -> bool:
        """Whether somebody else can have it: it is open, and what is left of a transaction ends before anything."""
        left = self.orm is not None and (self.orm.invalidated or self.orm.in_transaction())
        if left or self.is_busy or self.driver.is_closed():
            return False
        return bool(self._waiting) or not self.driver.is_in_transaction()

    def say(self, *commands: str) -> None:
        """Let commands that answer nothing go before the next statement."""
        self._waiting += commands

    def forget(self) -> None:
        """Say nothing of what waits."""
        self._waiting = ()

    async def fetch(self, text: str, *values: Any, seconds: float | None = None) -> list[asyncpg.Record]:
        """The rows of a statement. Who leaves before it has ended leaves the connection busy.

        What a statement gives can be changed by a migration while it is prepared here: then it is prepared anew and
        asked again, unless its transaction had begun before it.
        """
        said = self._waiting
        try:
            return await self._watched(self._fetched(text, values, seconds))
        except asyncpg.InvalidCachedStatementError:
            self._prepared.pop(text, None)
            if self.driver.is_in_transaction():
                if not any(command.startswith("BEGIN") for command in said):
                    raise
                await self.execute("ROLLBACK")
                self._waiting = said
            return await self._watched(self._fetched(text, values, seconds))

    async def pages(self, text: str, *values: Any, size: int) -> AsyncGenerator[list[asyncpg.Record], None]:
        """The rows of a statement as the server finds them, `size` at a time: for what is too much for the memory."""
        await self._watched(self._declared(f"DECLARE rows NO SCROLL CURSOR FOR {text}", values))
        following = await self._watched(self.driver.prepare(f"FETCH {size} FROM rows"))
        while rows := await self._watched(following.fetch()):
            yield rows

    async def execute(self, text: str, seconds: float | None = None) -> None:
        """Run statements that have no parameters, and whose answers nobody wants."""
        await self._watched(self.driver.execute("; ".join([*self._said(), text]), timeout=seconds))

    async def _watched(self, work: Awaitable[T]) -> T:
        self.is_busy = True
        try:
            result = await work
        except (asyncpg.PostgresError, asyncpg.InterfaceError):
            self.is_busy = False
            raise
        self.is_busy = False
        return result

    async def _fetched(self, text: str, values: Any, seconds: float | None) -> list[asyncpg.Record]:
        prepared = self._prepared.get(text)
        if prepared is None:
            return await self._first(text, values, seconds)
        self._prepared.move_to_end(text)
        if not self._waiting:
            return await prepared.fetch(*values, timeout=seconds)
        transport: Any = self.driver._transport  # type: ignore[attr-defined]  # noqa: SLF001 - see above
        transport.write(spoken(self._said()))
        try:
            return await prepared.fetch(*values, timeout=seconds)
        except asyncpg.InterfaceError:
            with suppress(asyncpg.InterfaceError):
                await self.driver.execute("")  # the statement was not sent, and nobody has heard the answers so far
            raise

    async def _first(self, text: str, values: Any, seconds: float | None) -> list[asyncpg.Record]:
        """The rows of a statement that is not prepared."""
        if self._waiting:
            await self.driver.execute("; ".join(self._said()))
        if not self._keeps:
            return await self.driver.fetch(text, *values, timeout=seconds)
        prepared = self._prepared[text] = await self.driver.prepare(text)
        if len(self._prepared) > self._keeps:
            self._prepared.popitem(last=False)
        return await prepared.fetch(*values, timeout=seconds)

    async def _declared(self, text: str, values: Any) -> None:
        """Open a cursor; none stays prepared, as its name is another's next time."""
        await self.driver.execute("; ".join(self._said()))
        await (await self.driver.prepare(text)).fetch(*values)

    def _said(self) -> tuple[str, ...]:
        said, self._waiting = self._waiting, ()
        return said


@lru_cache(maxsize=10_000)
def spoken(commands: tuple[str, ...]) -> bytes:
    """Commands as PostgreSQL's protocol has them: Parse, Bind and Execute for each, and no Sync, which is to come."""
    return b"".join(
        _message(b"P", b"\0" + command.encode() + b"\0\0\0")
        + _message(b"B", b"\0\0" + struct.pack("!hhh", 0, 0, 0))
        + _message(b"E", b"\0" + struct.pack("!i", 0))
        for command in commands
    )


def _message(kind: bytes, body: bytes) -> bytes:
    return kind + struct.pack("!i", len(body) + 4) + body
