"""What the mutations of customers answer with."""

import strawberry

from domain.customers import policies, queries
from domain.tenants import queries as tenants
from schema.customers import Customer
from schema.errors import MutationPayload
from schema.fields import one
from schema.tenants import ProviderOptionPolicy, Tenant


def _customer() -> Customer | None:
    """The customer of a payload."""
    customer: Customer | None = one(queries.by_ids, key="customer_id", description="The customer, as it is now.")
    return customer


@strawberry.type(description="What `customerPin` answers with.")
class CustomerPinPayload(MutationPayload):
    """Rows of the command."""

    customer: Customer | None = _customer()


@strawberry.type(description="What `customerUnpin` answers with.")
class CustomerUnpinPayload(MutationPayload):
    """Rows of the command."""

    customer: Customer | None = _customer()


@strawberry.type(description="What `customerUpdate` answers with.")
class CustomerUpdatePayload(MutationPayload):
    """Rows of the command."""

    customer: Customer | None = _customer()


@strawberry.type(description="What `customerManagementModeChange` answers with.")
class CustomerManagementModeChangePayload(MutationPayload):
    """Rows of the command."""

    customer: Customer | None = _customer()


@strawberry.type(description="What `customerExpiredServicesVisibilitySet` answers with.")
class CustomerExpiredServicesVisibilitySetPayload(MutationPayload):
    """Rows of the command."""

    customer: Customer | None = _customer()


@strawberry.type(description="What `providerOptionPolicySet` answers with.")
class ProviderOptionPolicySetPayload(MutationPayload):
    """Rows of the command."""

    policy: ProviderOptionPolicy | None = one(policies.by_ids, key="policy_id", description="The policy.")
    customer: Customer | None = _customer()


@strawberry.type(description="What `providerOptionPolicyClear` answers with.")
class ProviderOptionPolicyClearPayload(MutationPayload):
    """Rows of the command."""

    customer: Customer | None = _customer()


@strawberry.type(description="What `tenantManagementTakeOver` answers with.")
class TenantManagementTakeOverPayload(MutationPayload):
    """Rows of the command."""

    tenant: Tenant | None = one(tenants.by_ids, key="tenant_id", description="Your tenant, as it is now.")


@strawberry.type(description="What `tenantSecuritySettingsUpdate` answers with.")
class TenantSecuritySettingsUpdatePayload(MutationPayload):
    """Rows of the command."""

    tenant: Tenant | None = one(tenants.by_ids, key="tenant_id", description="Your tenant, as it is now.")
