"""The pool, and transactions that know who asks: the session is checked in the transaction that it opens.

BEGIN and the sign-in scope travel in one round trip; the statement that looks the session up narrows the scope to the
tenant that it finds, so that everything after it is under row-level security of that tenant.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from bench.peers.tokens import PUBLIC_KEYS, Claims, UnauthenticatedError, Verifier

SIGN_IN = (
    "SELECT set_config('bailiwick.scope', 'sign_in', true), set_config('bailiwick.tenant_id', '', true), "
    "set_config('bailiwick.user_id', '', true), set_config('statement_timeout', '15s', true)"
)
READING = f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {SIGN_IN}"
WRITING = f"BEGIN ISOLATION LEVEL READ COMMITTED; {SIGN_IN}"

CALLER = """
WITH caller AS MATERIALIZED (
  SELECT u.id AS user_id, lower(u.email) AS email, trim(u.first_name || ' ' || u.last_name) AS name,
    s.id AS session_id, m.role, t.id AS tenant_id, t.name AS tenant_name, now() AS now
  FROM sign_in_session s
  JOIN user_account u ON u.id = s.user_id AND u.status = 'ACTIVE'
  JOIN membership m ON m.user_id = u.id AND m.status = 'ACTIVE'
  JOIN tenant t ON t.id = m.tenant_id AND t.status = 'ACTIVE'
  WHERE s.id = $1 AND s.user_id = $2 AND s.revoked_at IS NULL AND s.expires_at > now())
SELECT user_id, email, name, session_id, role, tenant_id, tenant_name, now,
  set_config('bailiwick.scope', 'tenant', true),
  set_config('bailiwick.tenant_id', tenant_id::text, true),
  set_config('bailiwick.user_id', user_id::text, true)
FROM caller
"""


class ForbiddenError(Exception):
    """The caller's role does not allow this."""


class Caller(NamedTuple):
    """Who asks, and where; `now` is the instant of the transaction."""

    user_id: UUID
    email: str
    name: str
    session_id: UUID
    role: str
    tenant_id: UUID
    tenant_name: str
    now: datetime
    address: str = "127.0.0.1"


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
    async def transaction(
        self, begin: str, authorization: str | None, *roles: str
    ) -> AsyncIterator[tuple[Any, Caller]]:
        """A transaction in the scope of the caller, who has one of `roles`; raises otherwise."""
        claims = await self._verifier.claims(authorization)
        async with self._pool.acquire() as connection:
            try:
                await connection.execute(begin)
                yield connection, await _caller(connection, claims, roles)
                await connection.execute("COMMIT")
            except BaseException:
                await connection.execute("ROLLBACK")
                raise

    async def _public_keys(self) -> Any:
        async with self._pool.acquire() as connection, connection.transaction():
            await connection.execute(SIGN_IN)
            return await connection.fetch(PUBLIC_KEYS)


async def _caller(connection: Any, claims: Claims, roles: tuple[str, ...]) -> Caller:
    rows = await connection.fetch(CALLER, claims.session_id, claims.user_id)
    if len(rows) != 1:
        raise UnauthenticatedError
    caller = Caller(*rows[0][:8])
    if roles and caller.role not in roles:
        raise ForbiddenError
    return caller


async def _keep(_connection: Any) -> None:
    """Nothing outlives a transaction here, so that a connection needs no reset."""
