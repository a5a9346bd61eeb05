"""Secrets that are looked up, and handed on again: kept as a keyed hash to be found by, and encrypted to be used."""

import base64
import hmac
from typing import ClassVar

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Sealing:
    """Hashes and encrypts secrets of one kind, `what`, with keys derived from the installation's secret key."""

    what: ClassVar[str]

    def __init__(self, secret_key: str) -> None:
        self._hash_key = _derived(secret_key, f"{self.what}: hash")
        self._sealer = Fernet(base64.urlsafe_b64encode(_derived(secret_key, f"{self.what}: encryption")))

    def hash(self, secret: str) -> str:
        """HMAC-SHA256 of the secret as it is."""
        return hmac.digest(self._hash_key, secret.encode(errors="replace"), "sha256").hex()

    def encrypt(self, secret: str) -> str:
        """To be kept."""
        return self._sealer.encrypt(secret.encode()).decode()

    def decrypt(self, encrypted: str) -> str:
        """The secret."""
        return self._sealer.decrypt(encrypted.encode()).decode()


def _derived(secret_key: str, purpose: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret_key.encode())
