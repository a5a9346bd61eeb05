"""What gives tokens: a password, a refresh token, or an agent's own access token (RFC 6749, RFC 8693)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from app.clock import Clock
from app.sign_in.access_tokens import AccessTokens, Claims
from app.sign_in.callers import Authentication
from app.sign_in.errors import OAuthError, invalid_grant, invalid_request, too_many_attempts
from app.sign_in.identity import IdentityProvider
from app.sign_in.refresh_tokens import RefreshTokens
from app.sign_in.secrets import digest
from authz.errors import UnauthenticatedError
from authz.gate import Gate
from domain.base import new_id
from domain.tenants.attempts import (
    ACCOUNT,
    ADDRESS,
    TooManyAttemptsError,
    count_attempt,
    forget_old,
    take_back,
)
from domain.tenants.credentials import SignInSession
from domain.tenants.sessions import carry_on, end_session, session_end
from domain.tickets.temporary_access import assume
from execution.errors import PublicError
from execution.ids import decode_as
from tenancy.database import Database
from tenancy.scope import SIGN_IN

EXCHANGE: Final = "urn:ietf:params:oauth:grant-type:token-exchange"
ACCESS_TOKEN: Final = "urn:ietf:params:oauth:token-type:access_token"
WRONG: Final = "The address or the password is wrong."
SPENT: Final = "This refresh token is not valid, or no longer: sign in again."

Parameters = Mapping[str, str]
Answer = dict[str, Any]


class Grants:
    """Each method turns the parameters of one grant into the answer, or raises `OAuthError`."""

    def __init__(
        self,
        database: Database,
        identities: IdentityProvider,
        tokens: AccessTokens,
        refreshing: RefreshTokens,
        authentication: Authentication,
        *,
        session_lifetime: timedelta,
        clock: Clock,
    ) -> None:
        self._lives = session_lifetime
        self._database = database
        self._identities = identities
        self._tokens = tokens
        self._refreshing = refreshing
        self._authentication = authentication
        self._clock = clock

    async def password(self, given: Parameters, address: str, user_agent: str | None) -> Answer:
        """Sign in with `username`, an email address, and `password`."""
        email = required(given, "username").strip().lower()
        password = required(given, "password")
        await self._count(email, address)
        user_id = await self._identities.authenticate(email, password)
        if user_id is None:
            raise invalid_grant(WRONG)
        now = self._clock()
        session_id = new_id()
        refresh = self._refreshing.make(session_id)
        async with self._database.writing(SIGN_IN) as session:
            await take_back(session, email, address)
            ends_at = await session_end(session, user_id, now, self._lives)
            session.add(
                SignInSession(
                    id=session_id,
                    user_id=user_id,
                    refresh_hash=digest(refresh),
                    expires_at=ends_at,
                    user_agent=user_agent,
                )
            )
        return await self._answer(Claims(user_id, session_id), refresh, ends_at)

    async def refresh_token(self, given: Parameters, _address: str, _user_agent: str | None) -> Answer:
        """New tokens for a refresh token, which is used up by it; a token used up before ends the session."""
        old = required(given, "refresh_token")
        session_id = self._refreshing.session_of(old)
        if session_id is None:
            raise invalid_grant(SPENT)
        new = self._refreshing.make(session_id)
        now = self._clock()
        async with self._database.writing(SIGN_IN) as session:
            carried = await carry_on(session, session_id, digest(old), digest(new), now)
            if carried is None:
                await end_session(session, session_id, now)
        if carried is None:
            raise invalid_grant(SPENT)
        user_id, ends_at = carried
        return await self._answer(Claims(user_id, session_id), new, ends_at)

    async def exchange(self, given: Parameters, address: str, _user_agent: str | None) -> Answer:
        """An agent's own access token for one of a temporary support account that it sees (A18)."""
        subject = required(given, "subject_token")
        if given.get("subject_token_type", ACCESS_TOKEN) != ACCESS_TOKEN:
            raise invalid_request(f"subject_token_type must be {ACCESS_TOKEN}.")
        named = required(given, "temporary_account")
        try:
            actor = await self._authentication.actor(subject, ip_address=address)
        except PublicError as error:
            raise invalid_grant(error.message) from None
        try:
            async with self._database.writing(actor.scope) as session:
                account = await assume(Gate(actor, session), decode_as("temporary_account", named))
        except PublicError:
            raise OAuthError("invalid_target", "There is no such temporary support account for you.") from None
        claims = Claims(actor.user_id, actor.session_id or actor.user_id, account.id, account.tenant_id)
        token, seconds = await self._tokens.issue(claims, not_after=account.expires_at)
        return bearer_token(token, seconds) | {"issued_token_type": ACCESS_TOKEN}

    async def revoke(self, token: str) -> None:
        """Sign out: end the session of a refresh or access token; an unknown one is no error (RFC 7009)."""
        session_id = self._refreshing.session_of(token) or await self._session_of_access_token(token)
        if session_id is not None:
            async with self._database.writing(SIGN_IN) as session:
                await end_session(session, session_id, self._clock())

    async def _session_of_access_token(self, token: str) -> UUID | None:
        try:
            return (await self._tokens.verify(token)).session_id
        except UnauthenticatedError:
            return None

    async def _count(self, email: str, address: str) -> None:
        """Count the attempt against the address and the account, whether there is such an account or not."""
        now = self._clock()
        try:
            async with self._database.writing(SIGN_IN) as session:
                await count_attempt(session, ADDRESS, address, now)
                await count_attempt(session, ACCOUNT, email, now)
                await forget_old(session, now)
        except TooManyAttemptsError as error:
            raise too_many_attempts(error.retry_after) from None

    async def _answer(self, claims: Claims, refresh: str, ends_at: datetime) -> Answer:
        token, seconds = await self._tokens.issue(claims, not_after=ends_at)
        return bearer_token(token, seconds) | {"refresh_token": refresh}


def bearer_token(token: str, seconds: int) -> Answer:
    """What every grant answers with."""
    return {"access_token": token, "token_type": "Bearer", "expires_in": seconds}


def required(given: Parameters, name: str) -> str:
    """A parameter that must be there."""
    value = given.get(name)
    if not value:
        raise invalid_request(f"The parameter {name} is missing.")
    return value
