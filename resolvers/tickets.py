"""Asking for tickets."""

from dataclasses import fields, replace
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.utils.str_converters import to_camel_case

from domain.errors import ErrorCode, Problems
from domain.tickets import lists, queries
from domain.tickets.criteria import TicketCriteria
from execution.ask import page, single
from execution.errors import PublicError
from execution.ids import UnknownIdError, decode_as
from execution.paging import page_request
from resolvers.arguments import After, Before, First, Id, Last
from resolvers.context import Info
from resolvers.enums.tickets import TicketOrder, TicketQueue, TicketScope, TicketStatus
from resolvers.inputs import instant
from resolvers.nodes import found

SEARCH = (
    "Words that must all be in the ticket: in its number, summary, details, contact or job ids. Case and accents do "
    "not matter, and neither do characters that are no part of a word."
)
ORDER = "In which order; by default the newest first."


@strawberry.input(description="Which tickets: all that is given must hold, and of several values one.")
class TicketFilter:
    """`domain.tickets.criteria.TicketCriteria` as clients give it."""

    statuses: list[TicketStatus] | None = strawberry.field(default=None, description="In one of these states.")
    open_only: bool = strawberry.field(default=False, description="Neither resolved nor closed.")
    severities: list[int] | None = strawberry.field(default=None, description="Of one of these severities, 1-5.")
    service_ids: list[strawberry.ID] | None = strawberry.field(default=None, description="About one of these services.")
    tenant_ids: list[strawberry.ID] | None = strawberry.field(default=None, description="About one of these tenants.")
    created_since: datetime | None = strawberry.field(default=None, description="Raised at this instant or later.")
    created_until: datetime | None = strawberry.field(default=None, description="Raised before this instant.")
    raised_by_partner: bool | None = strawberry.field(
        default=None, description="Raised by a partner, or, with false, by anybody else."
    )
    queue: TicketQueue | None = strawberry.field(default=None, description="In this queue (`ticketQueues`).")
    assignee_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Looked after by one of these agents, by their user ids."
    )
    unassigned: bool | None = strawberry.field(
        default=None, description="Looked after by nobody, or, with false, by somebody."
    )
    due_until: datetime | None = strawberry.field(
        default=None, description="Something promised for it is due before this instant, or was missed already."
    )
    region_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Looked after in one of these support regions."
    )

    def criteria(self) -> TicketCriteria:
        """As the domain has it; raises `UnknownIdError` for what is no id."""
        return TicketCriteria(
            statuses=None if self.statuses is None else tuple(self.statuses),
            open_only=self.open_only,
            severities=None if self.severities is None else tuple(self.severities),
            service_ids=_keys("service", self.service_ids),
            tenant_ids=_keys("tenant", self.tenant_ids),
            created_since=instant(self.created_since, "createdSince"),
            created_until=instant(self.created_until, "createdUntil"),
            raised_by_partner=self.raised_by_partner,
            queue=self.queue,
            assignee_ids=_keys("user", self.assignee_ids),
            unassigned=self.unassigned,
            due_until=instant(self.due_until, "dueUntil"),
            region_ids=_keys("region", self.region_ids),
        )


def criteria_of(given: TicketFilter, problems: Problems) -> TicketCriteria:
    """As the domain has it, for a mutation's form: what a condition cannot mean is noted at its path, and left out."""
    meant: dict[str, Any] = {}
    for condition in fields(given):
        one = {condition.name: getattr(given, condition.name)}
        try:
            TicketFilter(**one).criteria()
        except PublicError as error:
            problems.add(ErrorCode(error.code), error.message, "filter", to_camel_case(condition.name))
        else:
            meant |= one
    return TicketFilter(**meant).criteria()


async def ticket(info: Info, id: Id) -> Any:
    """One ticket by its id."""
    return await found(info.context, "ticket", id)


async def ticket_by_number(
    info: Info, number: Annotated[str, strawberry.argument(description="The number, with its leading zeros.")]
) -> Any:
    """One ticket by its number (C18)."""
    if not number.isdigit():
        raise UnknownIdError
    return await info.context.answer(single(queries.by_number, {"number": number}))


async def ticket_queues(info: Info) -> Any:
    """How long the queues are."""
    return await info.context.answer(single(lists.queue_counts, {}))


async def tickets(
    info: Info,
    scope: Annotated[TicketScope, strawberry.argument(description='Which section of "My tickets".')] = TicketScope.ALL,
    filter: Annotated[TicketFilter | None, strawberry.argument(description="Only these tickets.")] = None,
    search: Annotated[str | None, strawberry.argument(description=SEARCH)] = None,
    order_by: Annotated[TicketOrder, strawberry.argument(description=ORDER)] = TicketOrder.NEWEST,
    first: First = None,
    after: After = None,
    last: Last = None,
    before: Before = None,
) -> Any:
    """Tickets in pages."""
    criteria = replace((filter or TicketFilter()).criteria(), search=search or "")
    request = page_request(first, after, last, before)
    wanted = {"scope": scope, "criteria": criteria, "order": order_by}
    return await info.context.answer(page(lists.listing, wanted, request))


def _keys(prefix: str, ids: list[strawberry.ID] | None) -> Any:
    return None if ids is None else tuple(decode_as(prefix, text) for text in ids)
