"""Asking for the log of mail."""

from typing import Annotated, Any

import strawberry

from domain.mail import queries
from domain.mail.queries import DeliveryCriteria, InboundCriteria
from execution.ask import page
from execution.ids import decode_as
from execution.paging import page_request
from resolvers.arguments import After, Before, First, Last
from resolvers.context import Info
from resolvers.enums.mail import DeliveryStatus, InboundOutcome


@strawberry.input(description="Which mail of the log: all that is given must hold.")
class MailDeliveryFilter:
    """`domain.mail.queries.DeliveryCriteria` as clients give it."""

    statuses: list[DeliveryStatus] | None = strawberry.field(default=None, description="In one of these states.")
    recipient: str | None = strawberry.field(default=None, description="To this address.")
    ticket_id: strawberry.ID | None = strawberry.field(default=None, description="About this ticket.")

    def criteria(self) -> DeliveryCriteria:
        """As the domain has it; raises `UnknownIdError` for what is no id."""
        return DeliveryCriteria(
            statuses=None if self.statuses is None else tuple(self.statuses),
            recipient=self.recipient,
            ticket_id=decode_as("ticket", self.ticket_id) if self.ticket_id is not None else None,
        )


@strawberry.input(description="Which mail that came in: all that is given must hold.")
class InboundMailFilter:
    """`domain.mail.queries.InboundCriteria` as clients give it."""

    outcome: InboundOutcome | None = strawberry.field(default=None, description="With this outcome.")
    sender: str | None = strawberry.field(default=None, description="From this address.")
    ticket_id: strawberry.ID | None = strawberry.field(default=None, description="About this ticket.")

    def criteria(self) -> InboundCriteria:
        """As the domain has it; raises `UnknownIdError` for what is no id."""
        return InboundCriteria(
            outcome=self.outcome,
            sender=self.sender,
            ticket_id=decode_as("ticket", self.ticket_id) if self.ticket_id is not None else None,
        )


async def mail_deliveries(
    info: Info,
    filter: Annotated[MailDeliveryFilter | None, strawberry.argument(description="Only this mail.")] = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Any:
    """The log of mail that left, in pages, newest first."""
    request = page_request(first, after, last, before)
    criteria = (filter or MailDeliveryFilter()).criteria()
    return await info.context.answer(page(queries.deliveries, {"criteria": criteria}, request))


async def inbound_mails(
    info: Info,
    filter: Annotated[InboundMailFilter | None, strawberry.argument(description="Only this mail.")] = None,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Any:
    """The log of mail that came in, in pages, newest first."""
    request = page_request(first, after, last, before)
    criteria = (filter or InboundMailFilter()).criteria()
    return await info.context.answer(page(queries.inbound, {"criteria": criteria}, request))
