"""The log of mail as the platform's staff see it."""

from datetime import datetime

import strawberry

from domain.tickets import queries as tickets
from resolvers.enums.mail import DeliveryStatus, InboundOutcome
from schema.fields import global_id, one, plain
from schema.relay import Node
from schema.tickets import Ticket


@strawberry.type(description="One mail to one address, and what became of it.")
class MailDelivery(Node):
    """Rows of `domain.mail.model.MailDelivery`."""

    id: strawberry.ID = global_id("maildelivery")
    recipient: str = plain("The address that it is for.")
    template: str = plain("What it tells, such as `ticket_reply`.")
    status: DeliveryStatus = plain("How far it has come.")
    attempts: int = plain("How often it was tried.")
    last_error: str | None = plain("What kept it from leaving; null where nothing did.")
    message_id: str | None = plain("Its name, as in its header; null until it was sent.")
    created_at: datetime = plain("When what it tells happened.")
    due_at: datetime = plain("When it was or is to be tried.")
    ended_at: datetime | None = plain("When it was sent or given up; null while it waits.")
    ticket: Ticket | None = one(
        tickets.by_ids, key="ticket_id", description="What it is about; null where it is about no ticket."
    )


@strawberry.type(description="One mail that came in, and what was done with it.")
class InboundMail(Node):
    """Rows of `domain.mail.model.InboundMail`."""

    id: strawberry.ID = global_id("inboundmail")
    received_at: datetime = plain("When it came.")
    sender: str = plain("The address that it says it is from; empty where it says none.")
    message_id: str | None = plain("Its name, as in its header; null where it has none.")
    outcome: InboundOutcome = plain("What was done with it.")
    reason: str = plain("Why.")
    ticket: Ticket | None = one(
        tickets.by_ids, key="ticket_id", description="What it is about; null where that is not known."
    )
