"""The pool, and transactions in the scope of who asks: the session is looked up in one round trip, BEGIN and the scope
travel in another, and everything after it is under row-level security.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from bench.peers.tokens import PUBLIC_KEYS, UnauthenticatedError, Verifier

READING = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
WRITING = "BEGIN ISOLATION LEVEL READ COMMITTED"
SIGN_IN = "SELECT set_config('bailiwick.scope', 'sign_in', true)"
CALLER = "SELECT user_id, email, name, session_id, role, tenant_id, tenant_name FROM peers.caller($1, $2)"


class ForbiddenError(Exception):
    """The caller's role does not allow this."""


class Caller(NamedTuple):
    """Who asks, where, and when."""

    user_id: UUID
    email: str
    name: str
    session_id: UUID
    role: str
    tenant_id: UUID
    tenant_name: str
    now: datetime
    address: str = "127.0.0.1"

    @property
    def scope(self) -> str:
        """SQL that sets the scope of a transaction; all in it are constants and UUIDs."""
        return (
            f"SELECT set_config('bailiwick.scope', 'tenant', true), set_config('statement_timeout', '15s', true), "
            f"set_config('bailiwick.tenant_id', '{self.tenant_id}', true), "
            f"set_config('bailiwick.user_id', '{self.user_id}', true)"
        )


class Database:
    """A pool of connections, opened when the server starts."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool
        self._verifier = Verifier(self._public_keys)

    @classmethod
    async def open(cls, url: str, size: int) -> "Database":
        """Connect."""
        return cls(await asyncpg.create_pool(url, min_size=size, max_size=size, reset=_keep))

    async def close(self) -> None:
        """Give the connections back."""
        await self._pool.close()

    @asynccontextmanager
    async def caller(self, authorization: str | None, *roles: str) -> AsyncIterator[tuple[Any, Caller]]:
        """A connection, and the caller, who has one of `roles`, if any are given; raises otherwise."""
        claims = await self._verifier.claims(authorization)
        async with self._pool.acquire() as connection:
            rows = await connection.fetch(CALLER, claims.session_id, claims.user_id)
            if len(rows) != 1:
                raise UnauthenticatedError
            caller = Caller(**dict(rows[0]), now=datetime.now(UTC))
            if roles and caller.role not in roles:
                raise ForbiddenError
            yield connection, caller

    @asynccontextmanager
    async def transaction(
        self, begin: str, authorization: str | None, *roles: str
    ) -> AsyncIterator[tuple[Any, Caller]]:
        """The same with a transaction in the caller's scope."""
        async with self.caller(authorization, *roles) as (connection, caller):
            try:
                await connection.execute(f"{begin}; {caller.scope}")
                yield connection, caller
                await connection.execute("COMMIT")
            except BaseException:
                await connection.execute("ROLLBACK")
                raise

    async def _public_keys(self) -> Any:
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(SIGN_IN)
            return await connection.fetch(PUBLIC_KEYS)


async def _keep(_connection: Any) -> None:
    """Nothing outlives a transaction here, so that a connection needs no reset."""
