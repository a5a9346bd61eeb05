"""The enums of mail."""

from domain.mail.model import DeliveryStatus, InboundOutcome
from resolvers.enums.describe import describe

__all__ = ["DeliveryStatus", "InboundOutcome"]

describe(
    DeliveryStatus,
    "How far a mail has come.",
    QUEUED="It waits for its first or its next attempt.",
    SENT="The mail server has taken it.",
    SUPPRESSED="It was not sent: when it was due, its recipient might not be told any more, or did not want to be.",
    DEAD="It could not be sent, and is not tried again.",
)
describe(
    InboundOutcome,
    "What was done with a mail that came in.",
    ACCEPTED="It became a reply.",
    REFUSED="It was refused.",
)
