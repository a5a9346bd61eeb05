"""Sessions: opened by a sign-in, carried on by refresh tokens that are good for one use, ended by signing out."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from domain.tenants.credentials import SignInSession
from domain.tenants.model import (
    SESSION_TIMEOUT_MINUTES,
    Membership,
    MembershipStatus,
    TenantSecuritySettings,
    User,
    UserStatus,
)

LOCAL = "local"


async def local_account(session: AsyncSession, email: str) -> User | None:
    """The account with a password here; `email` is in lower case."""
    statement = select(User).where(User.email == email, User.identity_provider == LOCAL)
    return (await session.execute(statement)).scalars().first()


async def is_active(session: AsyncSession, user_id: UUID) -> bool:
    """Whether the account may sign in."""
    statement = select(exists().where(User.id == user_id, User.status == UserStatus.ACTIVE))
    return bool((await session.execute(statement)).scalar())


async def keep_password_hash(session: AsyncSession, user_id: UUID, old: str, new: str) -> None:
    """Store the same password's new hash, unless the password was changed in the meantime."""
    await session.execute(update(User).where(User.id == user_id, User.password_hash == old).values(password_hash=new))


async def session_end(session: AsyncSession, user_id: UUID, now: datetime, longest: timedelta) -> datetime:
    """When a session that is opened now ends: after `longest`, or sooner as organizations of its user have it (A31).

    The strictest of them counts, because the session is good in all.
    """
    minutes = func.coalesce(TenantSecuritySettings.session_timeout_minutes, SESSION_TIMEOUT_MINUTES)
    shortest = (
        select(func.min(minutes))
        .select_from(Membership)
        .outerjoin(TenantSecuritySettings, TenantSecuritySettings.tenant_id == Membership.tenant_id)
        .where(Membership.user_id == user_id, Membership.status == MembershipStatus.ACTIVE)
    )
    found: int | None = (await session.execute(shortest)).scalar()
    return now + (longest if found is None else min(longest, timedelta(minutes=found)))


async def carry_on(
    session: AsyncSession, session_id: UUID, old_hash: str, new_hash: str, now: datetime
) -> tuple[UUID, datetime] | None:
    """Replace the refresh token of a live session; its user and end, or None where `old_hash` is no longer the one."""
    mine = SignInSession
    active = exists().where(User.id == mine.user_id, User.status == UserStatus.ACTIVE)
    rotated = (
        update(mine)
        .where(mine.id == session_id, mine.refresh_hash == old_hash)
        .where(mine.revoked_at.is_(None), mine.expires_at > now, active)
        .values(refresh_hash=new_hash)
        .returning(mine.user_id, mine.expires_at)
    )
    found = (await session.execute(rotated)).one_or_none()
    return found and (found.user_id, found.expires_at)


async def end_session(session: AsyncSession, session_id: UUID, now: datetime) -> None:
    """End a session with everything that it issued."""
    mine = SignInSession
    await session.execute(update(mine).where(mine.id == session_id, mine.revoked_at.is_(None)).values(revoked_at=now))
