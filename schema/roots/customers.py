"""Root fields of customers."""

import strawberry

from resolvers import customers
from schema.customers import CustomerPinPayload


@strawberry.type
class CustomerQueries:
    """What can be asked."""


@strawberry.type
class CustomerMutations:
    """What can be done."""

    customer_pin: CustomerPinPayload = strawberry.field(
        resolver=customers.customer_pin, description="Keep a customer at hand on your dashboard (B39)."
    )
