"""The kinds and states of webhooks (spec 3, 11)."""

from enum import StrEnum


class WebhookEventType(StrEnum):
    """What an endpoint can be told of: topics of the outbox, and no others ever leave as webhooks."""

    TICKET_CREATED = "TICKET_CREATED"
    TICKET_REPLIED = "TICKET_REPLIED"
    TICKET_ASSIGNED = "TICKET_ASSIGNED"
    TICKET_SEVERITY_SET = "TICKET_SEVERITY_SET"
    TICKET_RESOLVED = "TICKET_RESOLVED"
    TICKET_REOPENED = "TICKET_REOPENED"
    TICKET_CLOSED = "TICKET_CLOSED"
    TICKET_MERGED = "TICKET_MERGED"
    TICKET_CC_ADDED = "TICKET_CC_ADDED"
    TICKET_CC_REMOVED = "TICKET_CC_REMOVED"
    TICKET_TEMPORARY_ACCESS_GRANTED = "TICKET_TEMPORARY_ACCESS_GRANTED"
    TICKET_TEMPORARY_ACCESS_REVOKED = "TICKET_TEMPORARY_ACCESS_REVOKED"

    @property
    def topic(self) -> str:
        """The name in the outbox and in what is sent: `ticket.severity_set`."""
        return self.value.lower().replace("_", ".", 1)


class WebhookStatus(StrEnum):
    """Whether an endpoint is told of anything."""

    ENABLED = "ENABLED"
    DISABLED = "DISABLED"


class WebhookDisabledReason(StrEnum):
    """Why it is not."""

    REQUESTED = "REQUESTED"
    FAILING = "FAILING"
    GONE = "GONE"


class WebhookDeliveryStatus(StrEnum):
    """How far one event has come on its way to one endpoint."""

    QUEUED = "QUEUED"
    DELIVERED = "DELIVERED"
    SUPPRESSED = "SUPPRESSED"
    DEAD = "DEAD"


class WebhookFailure(StrEnum):
    """What kept an event from arriving, without what the other side said."""

    STATUS = "STATUS"
    REDIRECT = "REDIRECT"
    TIMEOUT = "TIMEOUT"
    CONNECTION = "CONNECTION"
    TLS = "TLS"
    ADDRESS = "ADDRESS"
    ENDPOINT_DISABLED = "ENDPOINT_DISABLED"
    NOT_VISIBLE = "NOT_VISIBLE"
