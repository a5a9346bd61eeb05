"""What is derived from the installation's secret key, and how random secrets are made and looked up."""

import base64
import hashlib
import hmac
import secrets
from typing import Final

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

API_TOKEN_PREFIX: Final = "bwk_"
"""What scanners for leaked secrets find them by."""
SECRET_BYTES: Final = 32


def derived_key(secret_key: str, purpose: str) -> bytes:
    """32 bytes of the secret key for one purpose alone."""
    return HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret_key.encode())


def sealer(secret_key: str, purpose: str) -> Fernet:
    """Encrypts and authenticates for one purpose."""
    return Fernet(base64.urlsafe_b64encode(derived_key(secret_key, purpose)))


def digest(secret: str) -> str:
    """How a random secret is stored. It has 256 bits of its own, so that one round is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


def tag(key: bytes, *parts: bytes) -> bytes:
    """Says that we made these parts."""
    return hmac.digest(key, b"".join(parts), "sha256")


def new_api_token() -> str:
    """A token for a service principal; store its `digest` and show it once."""
    return API_TOKEN_PREFIX + secrets.token_urlsafe(SECRET_BYTES)
