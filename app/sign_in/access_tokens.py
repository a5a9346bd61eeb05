"""Access tokens: short-lived JWT (RFC 9068) signed with Ed25519. Nothing in them is trusted but who they are for."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import jwt

from app.clock import Clock
from app.sign_in.keyring import Keyring
from authz.errors import UnauthenticatedError
from execution.cache import Cache

ALGORITHM: Final = "EdDSA"
ISSUER: Final = "bailiwick"
AUDIENCE: Final = "bailiwick-api"
TYPE: Final = "at+jwt"
REQUIRED: Final = ("iss", "aud", "exp", "iat", "sub", "sid")
REMEMBERED: Final = 10_000
INVALID: Final = "This access token is not valid, or no longer."


@dataclass(frozen=True, slots=True)
class Claims:
    """For whom a token is: the user and its session; for a temporary support account that and its tenant, too (A18)."""

    user_id: UUID
    session_id: UUID
    account_id: UUID | None = None
    tenant_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Verified:
    """A token whose signature was right: all that can end it, but for its session, which is looked at elsewhere."""

    claims: Claims
    kid: str
    expires_at: int


class AccessTokens:
    """Issues and verifies; raises `UnauthenticatedError` for whatever is not right, without saying what."""

    def __init__(self, keyring: Keyring, lifetime: timedelta, clock: Clock) -> None:
        self._keyring = keyring
        self._lifetime = lifetime
        self._clock = clock
        self._verified: Cache[_Verified] = Cache(REMEMBERED)  # by digest: a token itself is kept nowhere

    async def issue(self, claims: Claims, not_after: datetime | None = None) -> tuple[str, int]:
        """A token and for how many seconds it is good: its lifetime, but not beyond `not_after`."""
        now = self._clock()
        lifetime = self._lifetime if not_after is None else min(self._lifetime, not_after - now)
        key = await self._keyring.signing()
        payload: dict[str, Any] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "iat": int(now.timestamp()),
            "exp": int((now + lifetime).timestamp()),
            "sub": claims.user_id.hex,
            "sid": claims.session_id.hex,
        }
        if claims.account_id is not None and claims.tenant_id is not None:
            payload |= {"account": claims.account_id.hex, "tenant": claims.tenant_id.hex}
        token = jwt.encode(payload, key.private, ALGORITHM, {"kid": key.kid, "typ": TYPE})
        return token, int(lifetime.total_seconds())

    async def verify(self, token: str) -> Claims:
        """Who the token is for. Its signature is looked at once; its time and that of its key each time."""
        return (await self._good(token)).claims

    async def ends_at(self, token: str) -> datetime:
        """Until when the token is good, if nobody revokes it."""
        return datetime.fromtimestamp((await self._good(token)).expires_at, UTC)

    async def _good(self, token: str) -> _Verified:
        digest = sha256(token.encode(errors="surrogatepass")).digest()
        found = self._verified.get(digest)
        if found is None:
            found = self._verified.keep(digest, await self._read(token))
        elif await self._keyring.verifying(found.kid) is None:
            raise UnauthenticatedError(INVALID)
        if not found.expires_at > self._clock().timestamp():  # by our own clock, as everything else
            raise UnauthenticatedError(INVALID)
        return found

    async def _read(self, token: str) -> _Verified:
        try:
            kid, payload = await self._decoded(token)
            claims = Claims(
                user_id=UUID(payload["sub"]),
                session_id=UUID(payload["sid"]),
                account_id=UUID(payload["account"]) if "account" in payload else None,
                tenant_id=UUID(payload["tenant"]) if "account" in payload else None,
            )
            return _Verified(claims, kid, payload["exp"])
        except (jwt.InvalidTokenError, ValueError, KeyError, AttributeError, TypeError):
            raise UnauthenticatedError(INVALID) from None

    async def _decoded(self, token: str) -> tuple[str, dict[str, Any]]:
        """The key and the payload of a token that a key of ours has signed for us; its time may be over."""
        header = jwt.get_unverified_header(token)
        kid = header.get("kid")
        if header.get("alg") != ALGORITHM or header.get("typ") != TYPE or not isinstance(kid, str):
            raise jwt.InvalidTokenError
        key = await self._keyring.verifying(kid)
        if key is None:
            raise jwt.InvalidTokenError
        payload = jwt.decode(
            token,
            key.public,
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=ISSUER,
            options={"require": list(REQUIRED), "verify_exp": False, "verify_iat": False},
        )
        if not isinstance(payload["exp"], int):
            raise jwt.InvalidTokenError
        return kid, payload
