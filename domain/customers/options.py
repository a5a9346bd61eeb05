"""Options that a provider hides from the customers it manages (spec 5.5): one answer for queries and commands alike.

The database derives `tenant.hidden_options` from the relationship and the policies. Hidden expired services are left
out by `ServiceSubscription.visible_to`, which reads a column that follows the same list.
"""

from collections.abc import Collection

from authz.powers import Powers
from domain.customers.model import ProviderOption

BINDING_PROVIDERS = frozenset({ProviderOption.EXPIRED_SERVICES})
"""Options that are hidden in the provider's own portal as well (B22); the others are no question to the provider."""


def is_hidden(option: ProviderOption, hidden_options: Collection[str], powers: Powers) -> bool:
    """Whether one of these powers is not offered an option in a tenant that has these `hidden_options` (A21).

    The platform's staff are never bound.
    """
    if powers.is_platform or (powers.is_partner and option not in BINDING_PROVIDERS):
        return False
    return option in hidden_options
