"""Options that a provider hides from the customers it manages (spec 5.5): one answer for queries and commands alike.

The database derives `tenant.hidden_options` from the relationship and the policies; whoever asks reads that and nothing
else.
"""

from uuid import UUID

from authz.actor import Actor
from authz.grant import Grant
from domain.customers.model import ProviderOption
from domain.tenants.model import Tenant

BINDING_PROVIDERS = frozenset({ProviderOption.EXPIRED_SERVICES})
"""Options that are hidden in the provider's own portal as well (B22); the others are no question to the provider."""


def binds(option: ProviderOption, actor: Actor) -> bool:
    """Whether `actor` is among those from whom a hidden option is hidden: never the platform's staff."""
    if actor.is_platform:
        return False
    return not actor.is_partner or option in BINDING_PROVIDERS


async def is_hidden(grant: Grant, option: ProviderOption, tenant_id: UUID) -> bool:
    """Whether the actor is not offered `option` in this tenant (A21); `NotFoundError` where it sees no such tenant."""
    tenant = await grant.get(Tenant, tenant_id)
    return binds(option, grant.actor) and option in tenant.hidden_options
