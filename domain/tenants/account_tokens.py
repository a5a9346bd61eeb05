"""Links to create or change a password, as far as they are kept: a hash, whose it is, and until when (C5, C15)."""

import base64
import hashlib
import hmac
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, false, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from authz.powers import Powers
from domain.base import Base, Identified, Timestamped

PREFIX = "bwa_"
"""What scanners for leaked secrets find them by."""


class AccountToken(Identified, Timestamped, Base):
    """One mailed link; its id is that of the mail, so that an attempt to send it again sends the same link.

    Names and language are those of the sign-up that asked for it: they count when the address is proved, not before.
    """

    __tablename__ = "account_token"
    __table_args__ = (
        Index("uq_account_token_live", "user_id", unique=True, postgresql_where="ended_at IS NULL"),
        Index("ix_account_token_expires_at", "expires_at"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    token_hash: Mapped[str] = mapped_column(unique=True)
    first_name: Mapped[str | None]
    last_name: Mapped[str | None]
    language: Mapped[str | None]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    @classmethod
    def visible_to(cls, _powers: Powers) -> ColumnElement[bool]:
        """Nobody: the sign-in scope reads it."""
        return false()


def token_of(key: bytes, token_id: UUID) -> str:
    """The secret of a link: made of its id by a key of the installation, so that no place has to keep it."""
    made = hmac.digest(key, b"account token " + token_id.bytes, "sha256")
    return PREFIX + base64.urlsafe_b64encode(made).decode().rstrip("=")


def hash_of(token: str) -> str:
    """How a link is looked up. It has 256 bits of its own, so that one round is enough."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


async def keep_token(session: AsyncSession, token: AccountToken, now: datetime) -> bool:
    """Keep a new link, by which every other of the account ends; whether one that was kept before is still good."""
    mine = AccountToken
    kept = await session.execute(select(mine.ended_at, mine.expires_at).where(mine.id == token.id))
    if row := kept.first():
        return row.ended_at is None and row.expires_at > now
    await end_tokens(session, token.user_id, now)
    session.add(token)
    await session.flush()
    return True


async def end_tokens(session: AsyncSession, user_id: UUID, now: datetime) -> None:
    """End every link of an account."""
    mine = AccountToken
    await session.execute(update(mine).where(mine.user_id == user_id, mine.ended_at.is_(None)).values(ended_at=now))
