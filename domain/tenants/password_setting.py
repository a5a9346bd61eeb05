"""Choosing a password by a mailed link, which proves the address (C5, C6, C15)."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.errors import ErrorCode, Problems, refuse
from domain.records.attempts import Attempts
from domain.records.commands import announce, audit
from domain.tenants.account_mail import WAITING
from domain.tenants.account_tokens import AccountToken, end_tokens, hash_of
from domain.tenants.credentials import SignInSession
from domain.tenants.model import User, UserStatus
from domain.tenants.passwords import check_password

TRIES_FROM_ADDRESS = 30
"""In a quarter of an hour, from one IP address."""
CHANGED = "account_password_changed"
SPENT = "This link is not valid, or no longer: ask for another."
UNSYNCHRONIZED = {"synchronize_session": False}


@requires(Permission.ACCOUNT_PASSWORD_SET)
async def check(grant: Grant, token: str, password: str) -> Problems:
    """What is wrong with link and password, all at once: refuses nothing itself, so that the attempt is counted."""
    problems = Problems()
    attempts = Attempts("account token", {f"address:{grant.actor.ip_address}": TRIES_FROM_ADDRESS})
    if not await attempts.count(grant):
        problems.add(ErrorCode.RATE_LIMITED, "Too many attempts: wait a quarter of an hour.")
        return problems
    live = select(User.email).join(AccountToken, AccountToken.user_id == User.id).where(*_live(grant, token))
    email = (await grant.run(live)).scalar()
    if email is None:
        problems.add(ErrorCode.TOKEN_INVALID, SPENT, "token")
    else:
        await attempts.take_back(grant)
    check_password(password, problems, "password", email=email)
    return problems


@requires(Permission.ACCOUNT_PASSWORD_SET)
async def set_password(grant: Grant, token: str, password_hash: str) -> None:
    """Use the link up: the password counts, the address is proved, and whoever was signed in is no longer.

    Of two uses at once the database lets one through.
    """
    user = await _account(grant, token)
    link = await _use(grant, token)
    if user.status not in (*WAITING, UserStatus.ACTIVE):
        refuse(ErrorCode.TOKEN_INVALID, SPENT, "token")
    again = user.status is UserStatus.ACTIVE
    if not again:
        user.first_name, user.last_name = link.first_name or user.first_name, link.last_name or user.last_name
    user.password_hash, user.status = password_hash, UserStatus.ACTIVE
    user.email_verified_at = user.email_verified_at or grant.now
    user.language = user.language or link.language
    await grant.flush()
    await _end_everything(grant, user.id)
    await _admit(grant, user)
    audit(grant, "account.password_set", "user", user.id, after={"email": user.email})
    if again:
        announce(grant, "mail", grant.actor.tenant_id, {"to": user.email, "template": CHANGED})


async def _account(grant: Grant, token: str) -> User:
    """The account of a link, locked before that: a newer link, which ends it, is kept in this order as well."""
    found = select(User).join(AccountToken, AccountToken.user_id == User.id).where(*_live(grant, token))
    user: User | None = (await grant.run(found.with_for_update(of=User, key_share=True))).scalar_one_or_none()
    return user if user is not None else refuse(ErrorCode.TOKEN_INVALID, SPENT, "token")


async def _use(grant: Grant, token: str) -> Any:
    """End the link, which others wait for that would use it."""
    mine = AccountToken
    used = update(mine).where(*_live(grant, token)).values(ended_at=grant.now)
    columns = (mine.first_name, mine.last_name, mine.language)
    link = (await grant.run(used.returning(*columns).execution_options(**UNSYNCHRONIZED))).one_or_none()
    return link if link is not None else refuse(ErrorCode.TOKEN_INVALID, SPENT, "token")


async def _end_everything(grant: Grant, user_id: UUID) -> None:
    """Every session with all that it issued, and every other link."""
    live = update(SignInSession).where(SignInSession.user_id == user_id, SignInSession.revoked_at.is_(None))
    await grant.run(live.values(revoked_at=grant.now, refresh_hash=None).execution_options(**UNSYNCHRONIZED))
    await end_tokens(grant.session, user_id, grant.now)


async def _admit(grant: Grant, user: User) -> None:
    """Let them into the organisation that lists their domain, and the tickets that name them (docs/adr/0015)."""
    tenant_id = (await grant.run(select(func.admit_account(user.id)))).scalar()
    if tenant_id is not None:
        audit(grant, "user.join", "user", user.id, tenant_id, after={"email": user.email, "role": "STANDARD_USER"})


def _live(grant: Grant, token: str) -> tuple[Any, ...]:
    mine = AccountToken
    return mine.token_hash == hash_of(token), mine.ended_at.is_(None), mine.expires_at > grant.now
