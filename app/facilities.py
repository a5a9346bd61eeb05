"""The facilities of an installation, from its configuration."""

from app.attachments.parts import uploads_of
from app.clock import Clock
from app.settings import Settings
from app.sign_in.secrets import derived_key
from app.webhooks.parts import webhooks_of
from domain.entitlements.secrets import ContractSecrets
from domain.notifications.secrets import DeviceSecrets
from domain.tenants.passwords import Passwords
from domain.tenants.visitors import Visitors
from resolvers.facilities import Facilities
from tenancy.database import Database


def facilities_of(settings: Settings, secret: str, database: Database, clock: Clock) -> Facilities:
    """What operations use; each part has a key of its own, derived from the installation's secret."""
    return Facilities(
        contract_secrets=ContractSecrets(secret),
        device_secrets=DeviceSecrets(secret),
        uploads=uploads_of(settings.objects_url, secret, settings.scanner_url),
        webhooks=webhooks_of(settings, secret),
        visitors=Visitors(database, Passwords(), derived_key(secret, "visitors"), clock),
    )
