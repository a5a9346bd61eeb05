"""A partner's customers as clients see them."""

import strawberry

from domain.customers import queries
from schema.errors import MutationPayload
from schema.fields import global_id, one, plain
from schema.relay import Node


@strawberry.type(description="A customer as its partner sees it.")
class Customer(Node):
    """Rows of `domain.customers.queries.customers`."""

    id: strawberry.ID = global_id("customer")
    organization_name: str = plain("The name of the customer's organisation.")


@strawberry.type(description="What `customerPin` answers with.")
class CustomerPinPayload(MutationPayload):
    """Rows of the command."""

    customer: Customer | None = one(queries.by_ids, key="customer_id", description="The customer.")
