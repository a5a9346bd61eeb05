"""What a mail about an account says, found out as it leaves; it claims a pre-provisioned account (C3, C5, C15).

None of it contains what whoever asked has entered: nobody gets us to write their words to a stranger.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.base import new_id
from domain.support.model import SignInKind
from domain.tenants.account_tokens import AccountToken, keep_token
from domain.tenants.model import User, UserStatus
from domain.tenants.sessions import LOCAL

SIGN_UP = "account_sign_up"
PASSWORD_RESET = "account_password_reset"
ASKED = frozenset({SIGN_UP, PASSWORD_RESET})
WAITING = (UserStatus.PRE_PROVISIONED, UserStatus.PENDING_PASSWORD)


@dataclass(frozen=True, slots=True)
class Reply:
    """Which mail it is, and for how many hours its link is good."""

    template: str
    hours: int


WELCOME = Reply("account_welcome", 72)
EXISTS = Reply("account_exists", 1)
RESET = Reply(PASSWORD_RESET, 1)


async def reply_to(
    session: AsyncSession, mail_id: UUID, payload: dict[str, Any], token_hash: str, now: datetime
) -> Reply | None:
    """The mail for who asked, its link kept; None where nothing is to be said, or no more.

    `mail_id` is the mail's, by which every attempt to send it is known to be the same.
    """
    asked: str = payload["template"]
    if asked == SIGN_UP:
        await _provision(session, payload)
    account = await _account(session, payload["to"])
    if account is None or account.status not in (*WAITING, UserStatus.ACTIVE):
        return None
    reply = _reply(asked, account.status)
    token = AccountToken(
        id=mail_id,
        user_id=account.id,
        token_hash=token_hash,
        expires_at=now + timedelta(hours=reply.hours),
        **{name: payload.get(name) for name in ("first_name", "last_name", "language")},
    )
    return reply if await keep_token(session, token, now) else None


def _reply(asked: str, status: UserStatus) -> Reply:
    if status in WAITING:
        return WELCOME
    return EXISTS if asked == SIGN_UP else RESET


async def _provision(session: AsyncSession, payload: dict[str, Any]) -> None:
    """An account for an address that has none, with whatever identity provider; of two at once one makes it."""
    new = {
        "id": new_id(),
        "email": payload["to"],
        "identity_provider": LOCAL,
        "first_name": payload["first_name"],
        "last_name": payload["last_name"],
        "sign_in_kind": SignInKind.LOCAL,
        "status": UserStatus.PENDING_PASSWORD,
    }
    known = select(User.id).where(User.email == payload["to"]).limit(1)
    if (await session.execute(known)).first() is None:
        await session.execute(insert(User).values(new).on_conflict_do_nothing())


async def _account(session: AsyncSession, email: str) -> Any:
    """The account of the address with a password here, locked; one that was pre-provisioned is claimed (C3)."""
    mine = (User.email == email, User.identity_provider == LOCAL)
    claimed = update(User).where(*mine, User.status == UserStatus.PRE_PROVISIONED)
    await session.execute(claimed.values(status=UserStatus.PENDING_PASSWORD))
    account = select(User.id, User.status).where(*mine).with_for_update(key_share=True)
    return (await session.execute(account)).one_or_none()
