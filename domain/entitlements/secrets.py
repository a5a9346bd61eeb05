"""The secret half of a contract's ids: kept as a keyed hash to be found by, and encrypted to be sent again (AMB-29)."""

import base64
import hmac

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class ContractSecrets:
    """Hashes, compares and encrypts Contract IDs with keys that are derived from the installation's secret key."""

    def __init__(self, secret_key: str) -> None:
        self._hash_key = _derived(secret_key, "contract id: hash")
        self._sealer = Fernet(base64.urlsafe_b64encode(_derived(secret_key, "contract id: encryption")))

    def hash(self, contract_id: str) -> str:
        """HMAC-SHA256 of the digits as they are: leading zeros count (D19)."""
        return hmac.digest(self._hash_key, contract_id.encode(errors="replace"), "sha256").hex()

    def matches(self, contract_id: str, stored_hash: str) -> bool:
        """Whether a stored hash is that of this Contract ID, in a time that does not depend on the answer."""
        return hmac.compare_digest(self.hash(contract_id), stored_hash)

    def encrypt(self, contract_id: str) -> str:
        """For sending it again."""
        return self._sealer.encrypt(contract_id.encode()).decode()

    def decrypt(self, encrypted: str) -> str:
        """The Contract ID."""
        return self._sealer.decrypt(encrypted.encode()).decode()


def _derived(secret_key: str, purpose: str) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret_key.encode())
