"""Secrets that endpoints verify by: made here, shown once, kept encrypted, and used to sign (Standard Webhooks)."""

import base64
import hmac
import secrets
from datetime import datetime
from typing import Final

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PREFIX: Final = "whsec_"
BYTES: Final = 32


class WebhookSecrets:
    """Makes secrets, and keeps them under a key that is derived from the installation's own."""

    def __init__(self, secret_key: str) -> None:
        derived = HKDF(SHA256(), length=32, salt=None, info=b"webhook secret: encryption").derive(secret_key.encode())
        self._sealer = Fernet(base64.urlsafe_b64encode(derived))

    def new(self) -> tuple[str, str]:
        """A secret as it is shown, and as it is kept."""
        secret = PREFIX + base64.b64encode(secrets.token_bytes(BYTES)).decode()
        return secret, self._sealer.encrypt(secret.encode()).decode()

    def decrypt(self, encrypted: str) -> str:
        """The secret."""
        return self._sealer.decrypt(encrypted.encode()).decode()


def signatures(secrets_: list[str], message_id: str, at: datetime, body: bytes) -> str:
    """The header `webhook-signature`: one signature by each secret, over id, timestamp and the body's very bytes."""
    signed = f"{message_id}.{int(at.timestamp())}.".encode() + body
    return " ".join(f"v1,{_signature(secret, signed)}" for secret in secrets_)


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
