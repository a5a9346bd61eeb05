"""Finding any object by its global id."""

import asyncio
from typing import Annotated, Any

import strawberry

from domain.customers import policies
from domain.customers import queries as customers
from domain.entitlements import queries as entitlements
from domain.records import queries as records
from domain.services import queries as services
from domain.tenants import queries as tenants
from domain.tickets import queries as tickets
from execution.ids import UnknownIdError, decode
from execution.paging import MOST, PageSizeError
from execution.relation import Cardinality, Relation
from resolvers.arguments import Id
from resolvers.context import Context, Info

# Prefix of the global id → the type's name and the batch function that finds its rows.
NODES: dict[str, tuple[str, Any]] = {
    "audit": ("AuditEvent", records.by_ids),
    "customer": ("Customer", customers.by_ids),
    "optionpolicy": ("ProviderOptionPolicy", policies.by_ids),
    "tenant": ("Tenant", tenants.by_ids),
    "user": ("User", tenants.users_by_ids),
    "service": ("Service", services.by_ids),
    "channel": ("SupportChannel", services.channels_by_ids),
    "subscription": ("ServiceSubscription", services.subscription_by_ids),
    "customerservice": ("CustomerService", services.subscribed_by_ids),
    "contract": ("SupportContract", entitlements.contract_by_ids),
    "contractlink": ("SupportContractLink", entitlements.link_by_ids),
    "entitlement": ("Entitlement", entitlements.entitlement_by_ids),
    "transaction": ("EntitlementTransaction", entitlements.transaction_by_ids),
    "ticket": ("Ticket", tickets.by_ids),
    "message": ("TicketMessage", tickets.messages_by_ids),
    "participant": ("TicketParticipant", tickets.participants_by_ids),
    "attachment": ("Attachment", tickets.attachments_by_ids),
    "temporary_account": ("TemporarySupportAccount", tickets.temporary_accounts_by_ids),
}
RELATIONS = {prefix: Relation(batch, "id", Cardinality.ONE) for prefix, (_, batch) in NODES.items()}


async def found(context: Context, prefix: str, text: str) -> Any:
    """The row of an object of one type; raises `UnknownIdError` where there is none that the actor sees."""
    if decode(text)[0] != prefix:
        raise UnknownIdError
    return await find(context, text)


async def find(context: Context, text: str) -> Any:
    """The row of any object, with the name of its type; ids of one type asked for together are one statement."""
    prefix, key = decode(text)
    if prefix not in RELATIONS:
        raise UnknownIdError
    row = await context.related(RELATIONS[prefix], {"id": key}, {})
    if row is None:
        raise UnknownIdError
    return row | {"__typename": NODES[prefix][0]}


async def node(info: Info, id: Id) -> Any:
    """Any object by its global id."""
    return await find(info.context, id)


async def nodes(
    info: Info,
    ids: Annotated[list[strawberry.ID], strawberry.argument(description="Up to 100 global ids.")],
) -> Any:
    """Objects in the order of their ids: null, with an error, where there is none that the actor sees."""
    if len(ids) > MOST:
        raise PageSizeError(f"At most {MOST} ids at once.", argument="ids")
    return await asyncio.gather(*(find(info.context, text) for text in ids), return_exceptions=True)
