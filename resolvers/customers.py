"""Asking for customers, and keeping some of them at hand."""

from typing import Annotated, Any

import strawberry

from authz.gate import Gate
from domain.customers import commands, queries
from domain.customers.criteria import Condition, CustomerCriteria
from domain.services.conditions import SubscribedTo
from domain.tickets.conditions import OpenTickets
from execution.ask import page
from execution.ids import decode_as
from execution.paging import page_request
from resolvers.arguments import INPUT, After, Before, First, Id, Last
from resolvers.context import Info
from resolvers.customer_filters import applied_filters
from resolvers.enums.customers import CustomerOrderField, CustomerStatus, OrderDirection
from resolvers.inputs import key_of
from resolvers.mutations import Changed, MutationInput, mutate
from resolvers.nodes import found


@strawberry.input(description="Which customers: all that is given must hold, and of several values one.")
class CustomerFilter:
    """`domain.customers.criteria.CustomerCriteria` as clients give it (B44)."""

    subscription_product_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="With a subscription to one of these services that has not ended."
    )
    service_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="With one of these services; several filters on services must all hold."
    )
    statuses: list[CustomerStatus] | None = strawberry.field(default=None, description="In one of these states.")
    countries: list[str] | None = strawberry.field(
        default=None, description="In one of these countries or regions, by their ISO 3166 codes."
    )
    tags: list[str] | None = strawberry.field(default=None, description="With one of these tags.")
    has_open_tickets: bool | None = strawberry.field(
        default=None,
        description="With open support tickets, or without. A customer that manages its tenant itself is in neither.",
    )

    def criteria(self, search: str | None) -> CustomerCriteria:
        """As the domain has it; raises `UnknownIdError` for what is no service's id."""
        services = {"subscriptionProductIds": self.subscription_product_ids, "serviceIds": self.service_ids}
        further: list[Condition] = [
            SubscribedTo(argument, tuple(decode_as("service", key) for key in ids))
            for argument, ids in services.items()
            if ids is not None
        ]
        if self.has_open_tickets is not None:
            further.append(OpenTickets(self.has_open_tickets))
        return CustomerCriteria(
            search=search or "",
            statuses=None if self.statuses is None else tuple(self.statuses),
            countries=None if self.countries is None else tuple(code.upper() for code in self.countries),
            tags=None if self.tags is None else tuple(self.tags),
            further=tuple(further),
        )


@strawberry.input(description="How customers are sorted.")
class CustomerOrder:
    """B52; equal names are in the order of their ids."""

    field: CustomerOrderField = strawberry.field(
        default=CustomerOrderField.ORGANIZATION_NAME, description="By what; case and accents do not matter."
    )
    direction: OrderDirection = strawberry.field(default=OrderDirection.ASC, description="Which way.")


async def customer(info: Info, id: Id) -> Any:
    """One customer by its id."""
    return await found(info.context, "customer", id)


async def customers(
    info: Info,
    filter: Annotated[CustomerFilter | None, strawberry.argument(description="Only these customers.")] = None,
    search: Annotated[
        str | None,
        strawberry.argument(
            description="Keywords that must all be in the organisation's name; case and accents do not matter."
        ),
    ] = None,
    order_by: Annotated[
        CustomerOrder | None, strawberry.argument(description="In which order; by default by name, from the first.")
    ] = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Any:
    """Customers in pages."""
    request = page_request(first, after, last, before)
    criteria = (filter or CustomerFilter()).criteria(search)
    descending = (order_by or CustomerOrder()).direction is OrderDirection.DESC
    wanted = {"criteria": criteria, "descending": descending}
    extra = {"applied": applied_filters(filter, search)}
    return await info.context.answer(page(queries.listing, wanted, request, **extra))


@strawberry.input(description="Input of `customerPin`.")
class CustomerPinInput(MutationInput):
    """Nothing but what every mutation has."""


@strawberry.input(description="Input of `customerUnpin`.")
class CustomerUnpinInput(MutationInput):
    """Nothing but what every mutation has."""


async def customer_pin(info: Info, customer_id: Id, input: Annotated[CustomerPinInput, INPUT]) -> Any:
    """Keep a customer at hand."""

    async def command(gate: Gate) -> Changed:
        key = key_of("customer", customer_id, "customerId")
        await commands.pin(gate, key)
        return {"customer_id": key}

    return await mutate(info, input, command, customer_id=customer_id)


async def customer_unpin(info: Info, customer_id: Id, input: Annotated[CustomerUnpinInput, INPUT]) -> Any:
    """Keep it at hand no longer."""

    async def command(gate: Gate) -> Changed:
        key = key_of("customer", customer_id, "customerId")
        await commands.unpin(gate, key)
        return {"customer_id": key}

    return await mutate(info, input, command, customer_id=customer_id)
