"""Finding any object by its global id."""

from typing import Annotated, Any

import strawberry

from domain.bulk import queries as bulk
from domain.customers import policies
from domain.customers import queries as customers
from domain.entitlements import queries as entitlements
from domain.exports import queries as exports
from domain.mail import queries as mail
from domain.notifications import queries as wishes
from domain.records import queries as records
from domain.services import queries as services
from domain.tenants import queries as tenants
from domain.tickets import appointments, notifications, timeline
from domain.tickets import queries as tickets
from domain.webhooks import queries as webhooks
from execution.ask import Ask, by_key
from execution.cost.limits import MAX_PAGE
from execution.errors import PublicError
from execution.ids import UnknownIdError, decode
from execution.paging import PageSizeError
from resolvers.arguments import Id
from resolvers.context import Context, Info

# Prefix of the global id → the type's name and the batch function that finds its rows.
NODES: dict[str, tuple[str, Any]] = {
    "audit": ("AuditEvent", records.by_ids),
    "bulk": ("BulkOperation", bulk.by_ids),
    "bulkitem": ("BulkOperationItem", bulk.items_by_ids),
    "customer": ("Customer", customers.by_ids),
    "export": ("ExportJob", exports.by_ids),
    "exportschedule": ("ExportSchedule", exports.schedules_by_ids),
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
    "event": ("TicketEvent", timeline.events_by_ids),
    "appointment": ("TicketAppointment", appointments.by_ids),
    "participant": ("TicketParticipant", tickets.participants_by_ids),
    "attachment": ("Attachment", tickets.attachments_by_ids),
    "maildelivery": ("MailDelivery", mail.deliveries_by_ids),
    "inboundmail": ("InboundMail", mail.inbound_by_ids),
    "notification": ("Notification", notifications.by_ids),
    "device": ("Device", wishes.devices_by_ids),
    "webhook": ("WebhookEndpoint", webhooks.by_ids),
    "webhookdelivery": ("WebhookDelivery", webhooks.deliveries_by_ids),
    "temporary_account": ("TemporarySupportAccount", tickets.temporary_accounts_by_ids),
}


def asked(text: str, prefix: str | None = None) -> Ask:
    """The object of a global id, of one type or of any; raises `UnknownIdError` for what is no id of it."""
    found, key = decode(text)
    if found not in NODES or prefix not in (None, found):
        raise UnknownIdError
    typename, batch = NODES[found]
    return by_key(batch, key, typename)


async def found(context: Context, prefix: str, text: str) -> Any:
    """The object of one type with this global id."""
    return await context.answer(asked(text, prefix))


async def node(info: Info, id: Id) -> Any:
    """Any object by its global id."""
    return await info.context.answer(asked(id))


async def nodes(
    info: Info,
    ids: Annotated[list[strawberry.ID], strawberry.argument(description="Up to 100 global ids.")],
) -> Any:
    """Objects in the order of their ids: null, with an error, where there is none that the actor sees."""
    if len(ids) > MAX_PAGE:
        raise PageSizeError(f"At most {MAX_PAGE} ids at once.", argument="ids")
    return [await _or_error(info.context, text) for text in ids]


async def _or_error(context: Context, text: str) -> Any:
    """The object, or the error that is its own and no other's."""
    try:
        return await context.answer(asked(text))
    except PublicError as error:
        return error
