"""Asking for entitlements, and correcting them."""

from decimal import Decimal
from typing import Annotated, Any

import strawberry

from authz.gate import Gate
from domain.entitlements import commands, queries
from domain.entitlements.criteria import EntitlementCriteria
from execution.ask import page
from execution.paging import page_request
from resolvers.arguments import INPUT, After, Before, First, Id, Last
from resolvers.context import Info
from resolvers.enums.entitlements import EntitlementUnit
from resolvers.inputs import key_of
from resolvers.mutations import Changed, MutationInput, mutate
from resolvers.nodes import found


@strawberry.input(description="Which balances: all that is given must hold.")
class EntitlementFilter:
    """`domain.entitlements.criteria.EntitlementCriteria` as clients give it."""

    unit: EntitlementUnit | None = strawberry.field(default=None, description="Only balances of this unit.")
    usable: bool | None = strawberry.field(
        default=None, description="Only those that can be used now, or only those that cannot."
    )

    def criteria(self) -> EntitlementCriteria:
        """As the domain has it."""
        return EntitlementCriteria(self.unit, self.usable)


@strawberry.input(description="How to correct a balance.")
class EntitlementAdjustInput(MutationInput):
    """Input of `entitlementAdjust`."""

    quantity: Decimal = strawberry.field(
        description="What to add, in the balance's unit, or, if negative, to take away; incidents are whole."
    )
    reason: str = strawberry.field(description="Why, in up to 500 characters; it stays in the ledger.")


async def entitlement(info: Info, id: Id) -> Any:
    """One balance by its id."""
    return await found(info.context, "entitlement", id)


async def entitlements(
    info: Info,
    filter: Annotated[EntitlementFilter | None, strawberry.argument(description="Only these balances.")] = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Any:
    """Balances in pages."""
    criteria = (filter or EntitlementFilter()).criteria()
    request = page_request(first, after, last, before)
    return await info.context.answer(page(queries.listing, {"criteria": criteria}, request))


async def entitlement_adjust(info: Info, entitlement_id: Id, input: Annotated[EntitlementAdjustInput, INPUT]) -> Any:
    """Correct a balance by hand."""

    async def command(gate: Gate) -> Changed:
        key = key_of("entitlement", entitlement_id, "entitlementId")
        await commands.adjust(gate, key, input.quantity, input.reason)
        return {"entitlement_id": key}

    return await mutate(info, input, command, entitlement_id=entitlement_id)
