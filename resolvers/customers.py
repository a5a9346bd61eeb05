"""Asking for customers, and what is done with them."""

from typing import Any

import strawberry

from authz.gate import Gate
from domain.customers import commands
from resolvers.arguments import Id
from resolvers.context import Info
from resolvers.inputs import key_of
from resolvers.mutations import Changed, MutationInput, mutate


@strawberry.input(description="Which customer to keep at hand.")
class CustomerPinInput(MutationInput):
    """Input of `customerPin`."""


async def customer_pin(info: Info, customer_id: Id, input: CustomerPinInput) -> Any:
    """Pin a customer."""

    async def command(gate: Gate) -> Changed:
        key = key_of("customer", customer_id, "customerId")
        await commands.pin(gate, key)
        return {"customer_id": key}

    return await mutate(info, input, command, customer_id=customer_id)
