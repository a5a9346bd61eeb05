"""Access tokens as the peers check them: the signature by the platform's public keys, which are in the database."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

PUBLIC_KEYS = "SELECT id, public_key FROM signing_key WHERE verifies_until > now()"
REQUIRED = ["iss", "aud", "exp", "iat", "sub", "sid"]


class UnauthenticatedError(Exception):
    """The caller has not shown who it is; nothing is told but that."""


@dataclass(frozen=True, slots=True)
class Claims:
    """For whom a token is."""

    user_id: UUID
    session_id: UUID


class Verifier:
    """Verifies tokens; `keys` are the public keys by their ids."""

    def __init__(self, rows: Any) -> None:
        self._keys: dict[str, Ed25519PublicKey] = {}
        for key_id, pem in rows:
            key = load_pem_public_key(pem.encode())
            if isinstance(key, Ed25519PublicKey):
                self._keys[UUID(str(key_id)).hex] = key

    def claims(self, authorization: str | None) -> Claims:
        """The claims of a header `Authorization: Bearer …`; raises `UnauthenticatedError`."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer":
            raise UnauthenticatedError
        try:
            key = self._keys[jwt.get_unverified_header(token)["kid"]]
            payload = jwt.decode(
                token, key, ["EdDSA"], {"require": REQUIRED}, audience="bailiwick-api", issuer="bailiwick"
            )
            return Claims(UUID(payload["sub"]), UUID(payload["sid"]))
        except (jwt.InvalidTokenError, KeyError, ValueError):
            raise UnauthenticatedError from None
