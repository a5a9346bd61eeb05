"""What of the installation the resolvers use besides its database: made once, handed to every operation."""

from dataclasses import dataclass

from domain.entitlements.secrets import ContractSecrets
from domain.notifications.secrets import DeviceSecrets
from domain.support.uploads import Uploads
from domain.tenants.visitors import Visitors
from domain.webhooks.endpoints import Webhooks


@dataclass(frozen=True, slots=True)
class Facilities:
    """Shared by all operations of a process; holds no state of any of them."""

    contract_secrets: ContractSecrets
    """Compares the secret half of support contracts' ids."""
    device_secrets: DeviceSecrets
    """Hashes and seals the tokens of devices."""
    uploads: Uploads
    """Where uploaded files go."""
    webhooks: Webhooks
    """Makes secrets of webhooks, and knows how far these go."""
    visitors: Visitors
    """Makes actors of those who have not signed in."""
