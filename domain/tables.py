"""Every table of the platform, in one import: what migrations are held against."""

from domain.base import Base
from domain.bulk import model as bulk
from domain.customers import model as customers
from domain.entitlements import model as entitlements
from domain.exports import model as exports
from domain.exports import schedule as export_schedules
from domain.mail import model as mail
from domain.notifications import model as notification_preferences
from domain.records import attempts
from domain.records import model as records
from domain.services import model as services
from domain.support import model as support
from domain.tenants import account_tokens, credentials
from domain.tenants import model as tenants
from domain.tickets import appointments, events, notifications, rating
from domain.tickets import model as tickets
from domain.webhooks import model as webhooks

METADATA = Base.metadata

__all__ = [
    "METADATA",
    "account_tokens",
    "appointments",
    "attempts",
    "bulk",
    "credentials",
    "customers",
    "entitlements",
    "events",
    "export_schedules",
    "exports",
    "mail",
    "notification_preferences",
    "notifications",
    "rating",
    "records",
    "services",
    "support",
    "tenants",
    "tickets",
    "webhooks",
]
