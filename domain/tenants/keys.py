"""The keys that sign access tokens, as they are stored: which one signs, which ones still verify."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.tenants.credentials import SigningKey

ONE_AT_A_TIME = 0x6B657973  # "keys": two processes do not both make one


async def verifying_keys(session: AsyncSession, now: datetime) -> Sequence[SigningKey]:
    """Every key that may still verify a token, the newest first."""
    statement = select(SigningKey).where(SigningKey.verifies_until > now).order_by(SigningKey.signs_until.desc())
    return (await session.execute(statement)).scalars().all()


async def lock_keys(session: AsyncSession) -> None:
    """Wait until no other process makes a key; held until this transaction ends."""
    await session.execute(select(func.pg_advisory_xact_lock(ONE_AT_A_TIME)))


async def replace_key(session: AsyncSession, key: SigningKey, now: datetime) -> None:
    """Add a key, and forget those that verify nothing any more."""
    await session.execute(delete(SigningKey).where(SigningKey.verifies_until <= now))
    session.add(key)
    await session.flush()
