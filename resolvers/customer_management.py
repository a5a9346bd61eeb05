"""Who manages a customer's tenant, seen from either side."""

from typing import Annotated, Any

import strawberry

from authz.gate import Gate
from domain.customers import commands, hiding
from resolvers.arguments import INPUT, Id
from resolvers.context import Info
from resolvers.enums.customers import ManagementMode
from resolvers.inputs import key_of
from resolvers.mutations import Changed, MutationInput, mutate


@strawberry.input(description="Input of `customerManagementModeChange`.")
class CustomerManagementModeChangeInput(MutationInput):
    """B17, B18."""

    mode: ManagementMode = strawberry.field(description="CUSTOMER; the way back does not exist.")


@strawberry.input(description="Input of `tenantManagementTakeOver`.")
class TenantManagementTakeOverInput(MutationInput):
    """Nothing but what every mutation has: it concerns the tenant in which one acts."""


@strawberry.input(description="Input of `customerExpiredServicesVisibilitySet`.")
class CustomerExpiredServicesVisibilitySetInput(MutationInput):
    """B21-B23."""

    hidden: bool = strawberry.field(description="Whether all expired services are hidden, those to come too.")


async def customer_management_mode_change(
    info: Info, customer_id: Id, input: Annotated[CustomerManagementModeChangeInput, INPUT]
) -> Any:
    """Leave the management of a tenant to its customer."""

    async def command(gate: Gate) -> Changed:
        key = key_of("customer", customer_id, "customerId")
        await commands.change_management_mode(gate, key, input.mode)
        return {"customer_id": key}

    return await mutate(info, input, command, customer_id=customer_id)


async def tenant_management_take_over(info: Info, input: Annotated[TenantManagementTakeOverInput, INPUT]) -> Any:
    """Take the management of one's own tenant over from the partner."""

    async def command(gate: Gate) -> Changed:
        return {"tenant_id": await commands.take_over_management(gate)}

    return await mutate(info, input, command)


async def customer_expired_services_visibility_set(
    info: Info, customer_id: Id, input: Annotated[CustomerExpiredServicesVisibilitySetInput, INPUT]
) -> Any:
    """Hide a customer's expired services, or show them again."""

    async def command(gate: Gate) -> Changed:
        key = key_of("customer", customer_id, "customerId")
        await hiding.set_expired_services_visibility(gate, key, hidden=input.hidden)
        return {"customer_id": key}

    return await mutate(info, input, command, customer_id=customer_id)
