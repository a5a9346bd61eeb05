"""What a provider hides from its customers (spec 5.5)."""

from typing import Annotated, Any
from uuid import UUID

import strawberry

from authz.gate import Gate
from domain.customers import hiding
from resolvers.arguments import INPUT
from resolvers.context import Info
from resolvers.enums.customers import ProviderOption
from resolvers.inputs import key_of
from resolvers.mutations import Changed, MutationInput, mutate

Target = Annotated[
    strawberry.ID | None, strawberry.argument(description="A customer; null for the default of all customers.")
]


@strawberry.input(description="Input of `providerOptionPolicySet`.")
class ProviderOptionPolicySetInput(MutationInput):
    """A21."""

    option: ProviderOption = strawberry.field(description="What is hidden or offered.")
    hidden: bool = strawberry.field(description="Whether it is hidden.")


@strawberry.input(description="Input of `providerOptionPolicyClear`.")
class ProviderOptionPolicyClearInput(MutationInput):
    """The less specific policy counts again."""

    option: ProviderOption = strawberry.field(description="Of which option the policy is removed.")


async def provider_option_policy_set(
    info: Info, input: Annotated[ProviderOptionPolicySetInput, INPUT], customer_id: Target = None
) -> Any:
    """Hide or offer an option."""

    async def command(gate: Gate) -> Changed:
        key = _target(customer_id)
        policy_id = await hiding.set_policy(gate, key, input.option, hidden=input.hidden)
        return {"policy_id": policy_id, "customer_id": key}

    return await mutate(info, input, command, customer_id=customer_id)


async def provider_option_policy_clear(
    info: Info, input: Annotated[ProviderOptionPolicyClearInput, INPUT], customer_id: Target = None
) -> Any:
    """Remove a policy."""

    async def command(gate: Gate) -> Changed:
        key = _target(customer_id)
        await hiding.clear_policy(gate, key, input.option)
        return {"customer_id": key}

    return await mutate(info, input, command, customer_id=customer_id)


def _target(customer_id: strawberry.ID | None) -> UUID | None:
    return None if customer_id is None else key_of("customer", customer_id, "customerId")
