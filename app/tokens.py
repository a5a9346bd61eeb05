"""Tokens by command, for whoever already has the installation's secrets."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.clock import utc_now
from app.errors import SetupError
from app.secret import secret_key
from app.settings import Settings
from app.sign_in.access_tokens import Claims
from app.sign_in.parts import sign_in
from domain.base import new_id
from domain.tenants.credentials import SignInSession
from domain.tenants.model import UserStatus
from domain.tenants.sessions import local_account, session_end
from tenancy.database import Database
from tenancy.scope import SIGN_IN

AGENT = "bailiwick token"


async def access_token(settings: Settings, url: str, email: str) -> str:
    """An access token of the account `email`, with a session that ends with it; raises `SetupError` for nobody."""
    now = utc_now()
    database = Database(url, pool_size=2)
    try:
        async with database.writing(SIGN_IN) as session:
            claims = await open_session(session, email, now, timedelta(seconds=settings.access_token_lifetime))
        token, _seconds = await sign_in(settings, database, secret_key(settings), utc_now).tokens.issue(claims)
    finally:
        await database.close()
    return token


async def open_session(session: AsyncSession, email: str, now: datetime, lifetime: timedelta) -> Claims:
    """A session without a refresh token, for `lifetime` at most; raises `SetupError` where nobody may sign in."""
    account = await local_account(session, email.strip().lower())
    if account is None or account.status is not UserStatus.ACTIVE:
        raise SetupError(f"there is no active account {email}")
    ends_at = await session_end(session, account.id, now, lifetime)
    opened = SignInSession(id=new_id(), user_id=account.id, expires_at=ends_at, user_agent=AGENT)
    session.add(opened)
    await session.flush()
    return Claims(account.id, opened.id)
