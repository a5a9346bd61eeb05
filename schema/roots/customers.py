"""Root fields of customers."""

import strawberry

from resolvers import customer_management, customer_options, customer_update, customers
from schema.customer_payloads import (
    CustomerExpiredServicesVisibilitySetPayload,
    CustomerManagementModeChangePayload,
    CustomerPinPayload,
    CustomerUnpinPayload,
    CustomerUpdatePayload,
    ProviderOptionPolicyClearPayload,
    ProviderOptionPolicySetPayload,
)
from schema.customers import Customer, CustomerConnection


@strawberry.type
class CustomerQueries:
    """What can be asked."""

    customer: Customer | None = strawberry.field(resolver=customers.customer, description="One customer by its id.")
    customers: CustomerConnection = strawberry.field(
        resolver=customers.customers, description="Your customers, by the organisation's name (B1, B43-B45, B52)."
    )


@strawberry.type
class CustomerMutations:
    """What can be done."""

    customer_pin: CustomerPinPayload = strawberry.field(
        resolver=customers.customer_pin, description="Keep a customer at hand on your dashboard (B39)."
    )
    customer_unpin: CustomerUnpinPayload = strawberry.field(
        resolver=customers.customer_unpin, description="Keep a customer at hand no longer (B39)."
    )
    customer_update: CustomerUpdatePayload = strawberry.field(
        resolver=customer_update.customer_update, description="Edit what you keep about a customer (B27-B31)."
    )
    customer_management_mode_change: CustomerManagementModeChangePayload = strawberry.field(
        resolver=customer_management.customer_management_mode_change,
        description="Leave the management of a tenant to its customer; it ends your access for good (B17, B18).",
    )
    customer_expired_services_visibility_set: CustomerExpiredServicesVisibilitySetPayload = strawberry.field(
        resolver=customer_management.customer_expired_services_visibility_set,
        description="Hide all expired services of a customer from it and from you, or show them again (B21-B23).",
    )
    provider_option_policy_set: ProviderOptionPolicySetPayload = strawberry.field(
        resolver=customer_options.provider_option_policy_set,
        description="Hide an option from a customer, or by default from all, or offer it (A21).",
    )
    provider_option_policy_clear: ProviderOptionPolicyClearPayload = strawberry.field(
        resolver=customer_options.provider_option_policy_clear,
        description="Remove a policy, so that the less specific one counts again.",
    )
