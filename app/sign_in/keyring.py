"""The keys that sign access tokens: kept in the process, made and replaced in the database."""

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from jwt.algorithms import OKPAlgorithm

from app.clock import Clock
from app.settings import Settings
from app.sign_in.secrets import sealer
from domain.base import new_id
from domain.tenants.credentials import SigningKey
from domain.tenants.keys import lock_keys, replace_key, verifying_keys
from tenancy.database import Database
from tenancy.scope import SIGN_IN

RELOAD_SECONDS: Final = 1.0
"""An unknown key id makes us look at most this often: forged ones cost nothing."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key pair."""

    kid: str
    private: Ed25519PrivateKey
    signs_until: datetime
    verifies_until: datetime

    @property
    def public(self) -> Ed25519PublicKey:
        """The half that verifies."""
        return self.private.public_key()

    @property
    def jwk(self) -> dict[str, Any]:
        """The public half as a JSON Web Key (RFC 8037)."""
        return OKPAlgorithm.to_jwk(self.public, as_dict=True) | {"kid": self.kid, "use": "sig", "alg": "EdDSA"}


class Keyring:
    """Signs with the newest key until its time is over, verifies with every key whose tokens may still be good."""

    def __init__(self, database: Database, settings: Settings, secret_key: str, clock: Clock) -> None:
        self._database = database
        self._sealer = sealer(secret_key, "signing keys")
        self._signs_for = timedelta(seconds=settings.signing_key_lifetime)
        self._outlives = timedelta(seconds=settings.access_token_lifetime + 60)
        self._clock = clock
        self._keys: dict[str, Key] = {}
        self._loaded_at = float("-inf")
        self._loading = asyncio.Lock()

    async def signing(self) -> Key:
        """The key to sign with; makes one where there is none."""
        key = self._newest()
        if key is None:
            async with self._loading:
                key = self._newest() or await self._renew()
        return key

    async def verifying(self, kid: str) -> Key | None:
        """The key with this id, or None."""
        if kid not in self._keys:
            await self._reload()
        key = self._keys.get(kid)
        return key if key is not None and key.verifies_until > self._clock() else None

    async def public_keys(self) -> list[dict[str, Any]]:
        """What `/.well-known/jwks.json` lists."""
        await self.signing()
        await self._reload()
        return [key.jwk for key in self._keys.values() if key.verifies_until > self._clock()]

    def _newest(self) -> Key | None:
        now = self._clock()
        return next((key for key in self._keys.values() if key.signs_until > now), None)

    async def _reload(self) -> None:
        async with self._loading:
            if time.monotonic() - self._loaded_at < RELOAD_SECONDS:
                return
            async with self._database.reading(SIGN_IN) as session:
                self._keep(await verifying_keys(session, self._clock()))

    async def _renew(self) -> Key:
        """The newest key of the database, or a new one."""
        now = self._clock()
        async with self._database.writing(SIGN_IN) as session:
            await lock_keys(session)
            self._keep(await verifying_keys(session, now))
            key = self._newest()
            if key is None:
                key = self._made(now)
                await replace_key(session, self._sealed(key), now)
        self._keys = {key.kid: key} | self._keys
        return key

    def _keep(self, stored: Any) -> None:
        opened = (self._opened(row) for row in stored)
        self._keys = {key.kid: key for key in opened if key is not None}
        self._loaded_at = time.monotonic()

    def _made(self, now: datetime) -> Key:
        until = now + self._signs_for
        return Key(new_id().hex, Ed25519PrivateKey.generate(), until, until + self._outlives)

    def _sealed(self, key: Key) -> SigningKey:
        private = key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        return SigningKey(
            id=UUID(key.kid),
            public_key=key.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
            private_key_encrypted=self._sealer.encrypt(private).decode(),
            signs_until=key.signs_until,
            verifies_until=key.verifies_until,
        )

    def _opened(self, row: SigningKey) -> Key | None:
        """The stored key; sealed with another secret key it counts for nothing: a new secret ends all access tokens."""
        try:
            private = load_pem_private_key(self._sealer.decrypt(row.private_key_encrypted), None)
        except InvalidToken:
            return None
        if not isinstance(private, Ed25519PrivateKey):
            return None
        return Key(row.id.hex, private, row.signs_until, row.verifies_until)
