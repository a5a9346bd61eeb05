"""Access tokens as the peers check them: the signature by the platform's public keys, which are in the database."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

PUBLIC_KEYS = "SELECT id, public_key FROM signing_key WHERE verifies_until > now()"
REQUIRED = ["iss", "aud", "exp", "iat", "sub", "sid"]
RELOAD_SECONDS = 1.0


class UnauthenticatedError(Exception):
    """The caller has not shown who it is; nothing is told but that."""


@dataclass(frozen=True, slots=True)
class Claims:
    """For whom a token is."""

    user_id: UUID
    session_id: UUID


class Verifier:
    """Verifies tokens; `load` reads `PUBLIC_KEYS`, again when there is a new key."""

    def __init__(self, load: Callable[[], Awaitable[Any]]) -> None:
        self._load = load
        self._loaded_at = float("-inf")
        self._keys: dict[str, Ed25519PublicKey] = {}

    async def claims(self, authorization: str | None) -> Claims:
        """The claims of a header `Authorization: Bearer …`; raises `UnauthenticatedError`."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer":
            raise UnauthenticatedError
        try:
            key = await self._key(jwt.get_unverified_header(token)["kid"])
            payload = jwt.decode(
                token, key, ["EdDSA"], {"require": REQUIRED}, audience="bailiwick-api", issuer="bailiwick"
            )
            return Claims(UUID(payload["sub"]), UUID(payload["sid"]))
        except (jwt.InvalidTokenError, KeyError, ValueError):
            raise UnauthenticatedError from None

    async def _key(self, kid: str) -> Ed25519PublicKey:
        if kid not in self._keys and time.monotonic() - self._loaded_at > RELOAD_SECONDS:
            self._loaded_at = time.monotonic()
            found = {UUID(str(row[0])).hex: load_pem_public_key(row[1].encode()) for row in await self._load()}
            self._keys = {each: key for each, key in found.items() if isinstance(key, Ed25519PublicKey)}
        return self._keys[kid]
