"""What leaves for an endpoint, and whether it may: looked at as it is sent, by the predicate of reading.

An endpoint sees what its organisation's owner would: the tickets of the organisation and, for a partner, those of the
customers that it manages at that moment (spec 4.4). Tickets that colleagues do not see are told to none (E20).
"""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import BindParameter, Select, Uuid, bindparam, select

from authz.actor import Actor
from authz.enforcer import permissions_of
from authz.permissions import Permission
from authz.powers import PrincipalKind
from authz.roles import Role
from domain.records.model import OutboxEvent
from domain.tenants.model import Tenant, TenantKind, TenantStatus
from domain.tenants.principals import powers_of
from domain.tickets.model import Ticket
from domain.webhooks.model import WebhookDelivery, WebhookEndpoint
from domain.webhooks.states import WebhookEventType, WebhookFailure, WebhookStatus
from execution.ids import encode

DELIVERY: BindParameter[UUID] = bindparam("delivery_id", type_=Uuid())
OWNERS: Final = {TenantKind.CUSTOMER: Role.TENANT_OWNER, TenantKind.PARTNER: Role.PARTNER_ADMIN}
NOBODY: Final = UUID(int=0)
MORE: Final = {WebhookEventType.TICKET_REPLIED: ("side",), WebhookEventType.TICKET_SEVERITY_SET: ("before",)}
NAMES: Final = {"before": "severityBefore"}


def parcel() -> Select[WebhookDelivery, WebhookEndpoint, Tenant, OutboxEvent]:
    """The delivery `delivery_id` with its endpoint, the organisation that owns it, and the event: one row."""
    return (
        select(WebhookDelivery, WebhookEndpoint, Tenant, OutboxEvent)
        .join(WebhookEndpoint, WebhookEndpoint.id == WebhookDelivery.endpoint_id)
        .join(Tenant, Tenant.id == WebhookEndpoint.tenant_id)
        .join(OutboxEvent, OutboxEvent.id == WebhookDelivery.event_id)
        .where(WebhookDelivery.id == DELIVERY)
    )


def seen(tenant: Tenant, ticket_id: UUID, at: datetime) -> tuple[Select[Any], dict[str, Any]] | None:
    """What finds the ticket if the organisation sees it, and its values; None where it may hear of nothing."""
    role = OWNERS.get(tenant.kind)
    if role is None or tenant.status is not TenantStatus.ACTIVE:
        return None
    partner_type = tenant.partner_type.value if tenant.partner_type else None
    permissions = permissions_of((role.value,)) & {Permission.TICKET_READ}
    powers = powers_of(PrincipalKind.SERVICE_PRINCIPAL, role, permissions, partner_type, None)
    actor = Actor(powers, NOBODY, "", "", tenant.id, tenant.name, tenant.environment.value, at)
    return select(Ticket.id).where(Ticket.id == ticket_id, Ticket.visible_to(powers)), actor.binds


def refusal(endpoint: WebhookEndpoint, *, visible: bool) -> WebhookFailure | None:
    """Why the event must not leave for this endpoint."""
    if endpoint.status is WebhookStatus.DISABLED:
        return WebhookFailure.ENDPOINT_DISABLED
    return None if visible else WebhookFailure.NOT_VISIBLE


def message_id(event_id: UUID) -> str:
    """The event's id as receivers see it: the same at every attempt, at every replay, and for every endpoint."""
    return f"evt_{event_id.hex}"


def body(event: OutboxEvent, kind: WebhookEventType) -> bytes:
    """What is sent, made of the event alone, so that it is the same each time: ids, states and numbers, never text."""
    told = event.payload
    data = {
        "ticketId": encode("ticket", UUID(told["ticket_id"])),
        "tenantId": encode("tenant", event.tenant_id),
        "number": told["number"],
        "status": told["status"],
        "severity": told["severity"],
        **{NAMES.get(name, name): told.get(name) for name in MORE.get(kind, ())},
    }
    return orjson.dumps({"type": kind.topic, "timestamp": event.created_at, "data": data})
