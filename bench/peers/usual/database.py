# mypy: disable-error-code="import-not-found, no-any-return"
# Where SQLModel is not installed, outside of the benchmark's own environment.
"""Sessions: one for each request, with one transaction, in the scope of who asks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from app.settings import Settings
from bench.peers.tokens import PUBLIC_KEYS, Claims, UnauthenticatedError, Verifier
from bench.peers.usual.people import Membership, SignInSession, Tenant, User
from tenancy.url import DRIVER, connect_arguments

SCOPE = text(
    "SELECT set_config('bailiwick.scope', :scope, true), set_config('bailiwick.tenant_id', :tenant_id, true), "
    "set_config('bailiwick.user_id', :user_id, true), set_config('statement_timeout', '15s', true)"
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, in which tenant, and when."""

    user_id: UUID
    email: str
    name: str
    session_id: UUID
    role: str
    tenant_id: UUID
    tenant_name: str
    now: datetime


class Database:
    """An engine, and sessions of it."""

    def __init__(self, settings: Settings) -> None:
        url = settings.database_url.get_secret_value() if settings.database_url else ""
        self.engine = create_async_engine(
            DRIVER, pool_size=settings.pool_size, max_overflow=0, connect_args=connect_arguments(url)
        )
        self._sessions = async_sessionmaker(self.engine, class_=AsyncSession, expire_on_commit=False)
        self._verifier = Verifier(self._public_keys)

    @asynccontextmanager
    async def session(self, authorization: str | None) -> AsyncIterator[tuple[AsyncSession, Actor]]:
        """A session in the scope of the caller, closed at the end; raises `UnauthenticatedError`."""
        claims = await self._verifier.claims(authorization)
        async with self._sessions() as session:
            await _scope(session, "sign_in")
            actor = await _actor(session, claims)
            await _scope(session, "tenant", str(actor.tenant_id), str(actor.user_id))
            yield session, actor

    async def _public_keys(self) -> Any:
        async with self._sessions() as session:
            await _scope(session, "sign_in")
            return (await session.execute(text(PUBLIC_KEYS))).all()


async def _scope(session: AsyncSession, scope: str, tenant_id: str = "", user_id: str = "") -> None:
    await session.execute(SCOPE, {"scope": scope, "tenant_id": tenant_id, "user_id": user_id})


async def _actor(session: AsyncSession, claims: Claims) -> Actor:
    now = datetime.now(UTC)
    statement = (
        select(User, Membership, Tenant)
        .join(SignInSession, col(SignInSession.user_id) == User.id)
        .join(Membership, col(Membership.user_id) == User.id)
        .join(Tenant, col(Tenant.id) == Membership.tenant_id)
        .where(SignInSession.id == claims.session_id, User.id == claims.user_id)
        .where(col(SignInSession.revoked_at).is_(None), SignInSession.expires_at > now)
        .where(User.status == "ACTIVE", Membership.status == "ACTIVE", Tenant.status == "ACTIVE")
    )
    rows = (await session.exec(statement)).all()
    if len(rows) != 1:
        raise UnauthenticatedError
    user, membership, tenant = rows[0]
    place = (membership.role, tenant.id, tenant.name)
    return Actor(user.id, user.email.lower(), user.name, claims.session_id, *place, now)
