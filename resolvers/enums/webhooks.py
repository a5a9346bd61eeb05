"""The enums of webhooks."""

from domain.webhooks.states import (
    WebhookDeliveryStatus,
    WebhookDisabledReason,
    WebhookEventType,
    WebhookFailure,
    WebhookStatus,
)
from resolvers.enums.describe import describe

__all__ = [
    "WebhookDeliveryStatus",
    "WebhookDisabledReason",
    "WebhookEventType",
    "WebhookFailure",
    "WebhookStatus",
]

describe(
    WebhookEventType,
    "What an endpoint can be told of; the event is called `ticket.created` … in what is sent.",
    TICKET_CREATED="A ticket was raised, or support was invited.",
    TICKET_REPLIED="Somebody replied; `data.side` says for whom. Its status may have changed with it.",
    TICKET_ASSIGNED="It was given to an agent of the vendor, or back to the queue.",
    TICKET_SEVERITY_SET="Its severity was changed; `data.severityBefore` is what it was.",
    TICKET_RESOLVED="It was called solved.",
    TICKET_REOPENED="It was taken up again after it had been called solved.",
    TICKET_CLOSED="It was closed for good.",
    TICKET_MERGED="It ended as part of another ticket: see `Ticket.mergedInto`.",
    TICKET_CC_ADDED="Somebody was copied in.",
    TICKET_CC_REMOVED="Somebody was copied out.",
    TICKET_TEMPORARY_ACCESS_GRANTED="The vendor may look into the environment for it, or longer than until then.",
    TICKET_TEMPORARY_ACCESS_REVOKED="The vendor may do so no longer, before the time was over.",
)
describe(
    WebhookStatus,
    "Whether an endpoint is told of anything.",
    ENABLED="It is told of what happens.",
    DISABLED="It is told of nothing; what happens meanwhile is not told later.",
)
describe(
    WebhookDisabledReason,
    "Why an endpoint is disabled.",
    REQUESTED="Somebody disabled it.",
    FAILING="Nothing that was sent to it arrived for days.",
    GONE="It answered with status 410 (Gone).",
)
describe(
    WebhookDeliveryStatus,
    "How far one event has come on its way to one endpoint.",
    QUEUED="It waits for its first or its next attempt.",
    DELIVERED="The endpoint has taken it: it answered with a status from 200 to 299.",
    SUPPRESSED="It was not sent: when it was due it might not be told any more.",
    DEAD="It did not arrive, and is not tried again, but by `webhookDeliveryReplay`.",
)
describe(
    WebhookFailure,
    "Why an event did not arrive at the last attempt.",
    STATUS="The endpoint answered with a status of 400 or more.",
    REDIRECT="The endpoint answered with a redirect, or another status below 400 that takes nothing.",
    TIMEOUT="The endpoint did not answer in time.",
    CONNECTION="There was no connection, or it broke.",
    TLS="The endpoint could not prove that it is who its address says.",
    ADDRESS="The name leads to no address, or to one that webhooks do not go to.",
    ENDPOINT_DISABLED="The endpoint was disabled when the event was due.",
    NOT_VISIBLE="Your organization did not see the ticket any more when the event was due.",
)
