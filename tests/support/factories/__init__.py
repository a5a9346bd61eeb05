"""Rows for tests: plain functions over a session that reaches every tenant; each adds one thing and gives its id.

Whatever a test does not care about has a default; whatever it does care about it says.
"""

from tests.support.factories.catalogue import (
    channel,
    contract,
    debit,
    link,
    policy,
    pool,
    region,
    service,
    setup,
    subscription,
    validity,
)
from tests.support.factories.credentials import api_token, device, service_principal, signed_in
from tests.support.factories.customers import option_policy, pin, profile, relationship
from tests.support.factories.records import audit_event, bulk_operation, export_job, export_schedule, outbox_event
from tests.support.factories.tenants import (
    change,
    custom_role,
    customer_group,
    membership,
    person,
    security_settings,
    service_scope,
    tenant,
    user,
)
from tests.support.factories.tickets import (
    appointment,
    attachment,
    event,
    message,
    notification,
    participant,
    promises,
    rating,
    temporary_account,
    ticket,
)
from tests.support.factories.webhooks import webhook, webhook_delivery

__all__ = [
    "api_token",
    "appointment",
    "attachment",
    "audit_event",
    "bulk_operation",
    "change",
    "channel",
    "contract",
    "custom_role",
    "customer_group",
    "debit",
    "device",
    "event",
    "export_job",
    "export_schedule",
    "link",
    "membership",
    "message",
    "notification",
    "option_policy",
    "outbox_event",
    "participant",
    "person",
    "pin",
    "policy",
    "pool",
    "profile",
    "promises",
    "rating",
    "region",
    "relationship",
    "security_settings",
    "service",
    "service_principal",
    "service_scope",
    "setup",
    "signed_in",
    "subscription",
    "temporary_account",
    "tenant",
    "ticket",
    "user",
    "validity",
    "webhook",
    "webhook_delivery",
]
