"""The secret half of a contract's ids: kept as a keyed hash to be found by, and encrypted to be sent again (AMB-29)."""

import hmac

from domain.sealing import Sealing


class ContractSecrets(Sealing):
    """Contract IDs: their digits count as they are, leading zeros too (D19)."""

    what = "contract id"

    def matches(self, contract_id: str, stored_hash: str) -> bool:
        """Whether a stored hash is that of this Contract ID, in a time that does not depend on the answer."""
        return hmac.compare_digest(self.hash(contract_id), stored_hash)
