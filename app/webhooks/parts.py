"""What of the configuration matters to webhooks."""

from app.settings import Settings
from domain.webhooks.endpoints import Webhooks
from domain.webhooks.networks import Reach, network
from domain.webhooks.secrets import WebhookSecrets


def reach_of(settings: Settings) -> Reach:
    """How far webhooks may go."""
    return Reach(settings.webhook_http, tuple(map(network, settings.webhook_networks)))


def webhooks_of(settings: Settings, secret: str) -> Webhooks:
    """What commands have."""
    return Webhooks(WebhookSecrets(secret), reach_of(settings))
