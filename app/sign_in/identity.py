"""Who somebody is: one interface for every way of proving it, one user model behind all of them."""

from typing import Protocol
from uuid import UUID

from domain.tenants.model import User, UserStatus
from domain.tenants.passwords import Passwords
from domain.tenants.sessions import keep_password_hash, local_account
from tenancy.database import Database
from tenancy.scope import SIGN_IN


class IdentityProvider(Protocol):
    """Answers with the user whom the credentials prove, or None, in the same time for whatever is wrong.

    OpenID Connect is a second implementation: `identifier` names the provider's flow, `secret` is its code; the
    account is found by `User.identity_provider` and email.
    """

    async def authenticate(self, identifier: str, secret: str) -> UUID | None:
        """The active user's id, or None."""
        ...


class LocalPasswords:
    """Accounts whose password is kept here."""

    def __init__(self, database: Database, passwords: Passwords) -> None:
        self._database = database
        self._passwords = passwords

    async def authenticate(self, identifier: str, secret: str) -> UUID | None:
        """As the protocol has it; `identifier` is the email address."""
        account = await self._account(identifier)
        stored = account.password_hash if account else None
        matches = await self._passwords.verify(stored, secret)
        if not matches or account is None or stored is None or account.status is not UserStatus.ACTIVE:
            return None
        if self._passwords.is_outdated(stored):
            renewed = await self._passwords.hash(secret)
            async with self._database.writing(SIGN_IN) as session:
                await keep_password_hash(session, account.id, stored, renewed)
        return account.id

    async def _account(self, email: str) -> User | None:
        async with self._database.reading(SIGN_IN) as session:
            return await local_account(session, email)
