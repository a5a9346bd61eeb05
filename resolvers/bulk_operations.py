"""Changing many tickets at once, as a job (spec 3, 9)."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import strawberry

from authz.gate import Gate
from domain.bulk import queries
from domain.bulk.changes import Change
from domain.bulk.commands import Chosen, cancel, submit
from domain.errors import Problems
from domain.tickets.criteria import TicketCriteria
from execution.ask import by_key, page
from execution.ids import decode_as
from execution.paging import page_request
from resolvers.arguments import INPUT, After, Before, First, Id, Last
from resolvers.context import Info
from resolvers.enums.bulk import BulkErrorPolicy, TicketBulkAction
from resolvers.enums.tickets import ClosureCode
from resolvers.inputs import any_key, key_of
from resolvers.live import NoNewsError, feed_of
from resolvers.mutations import Changed, MutationInput, mutate
from resolvers.nodes import found
from resolvers.tickets import TicketFilter, criteria_of
from tenancy.live import Event, EventKind


@strawberry.input(description="What is done to each ticket: an action, and what that takes.")
class TicketBulkChangeInput:
    """`domain.bulk.changes.Change` as clients give it."""

    action: TicketBulkAction = strawberry.field(description="What is done.")
    assignee_id: strawberry.ID | None = strawberry.field(
        default=None, description="For ASSIGN: the user id of an agent; null gives the tickets back to the queue."
    )
    severity: int | None = strawberry.field(default=None, description="For SET_SEVERITY: 1 (Trivial) to 5 (Critical).")
    closure_code: ClosureCode | None = strawberry.field(default=None, description="For CLOSE: why.")

    def change(self) -> Change:
        """As the domain has it."""
        assignee = None if self.assignee_id is None else any_key("user", self.assignee_id)
        return Change(self.action, assignee, self.severity, self.closure_code)


@strawberry.input(description="Input of `ticketBulkUpdate`: either the tickets, or a filter that finds them.")
class TicketBulkUpdateInput(MutationInput):
    """Spec 3, 9."""

    ticket_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Up to 500 tickets, in the order in which they are to be done; each is done once."
    )
    filter: TicketFilter | None = strawberry.field(
        default=None, description="Those that it finds now, up to 500, oldest first; what it finds later is not done."
    )
    change: TicketBulkChangeInput = strawberry.field(description="What is done to each of them.")
    error_policy: BulkErrorPolicy = strawberry.field(
        default=BulkErrorPolicy.IGNORE_FAILED, description="What follows when one of them is refused."
    )

    def chosen(self) -> Chosen:
        """The tickets, as the domain has them; a malformed id is that of no ticket, which its item will say."""
        keys = None if self.ticket_ids is None else tuple(any_key("ticket", text) for text in self.ticket_ids)
        return Chosen(keys, None if self.filter is None else self._criteria(self.filter))

    @staticmethod
    def _criteria(given: TicketFilter) -> TicketCriteria:
        """As the domain has it; what the filter cannot mean is refused at its path."""
        problems = Problems()
        criteria = criteria_of(given, problems)
        problems.refuse_if_any()
        return criteria


@strawberry.input(description="Input of `bulkOperationCancel`.")
class BulkOperationCancelInput(MutationInput):
    """Nothing but what every mutation takes."""


async def ticket_bulk_update(info: Info, input: Annotated[TicketBulkUpdateInput, INPUT]) -> Any:
    """Have many tickets changed."""

    async def command(gate: Gate) -> Changed:
        key = await submit(gate, input.chosen(), input.change.change(), input.error_policy)
        return {"bulk_operation_id": key}

    return await mutate(info, input, command)


async def bulk_operation_cancel(
    info: Info, bulk_operation_id: Id, input: Annotated[BulkOperationCancelInput, INPUT]
) -> Any:
    """Call an operation off."""

    async def command(gate: Gate) -> Changed:
        return {"bulk_operation_id": await cancel(gate, key_of("bulk", bulk_operation_id, "bulkOperationId"))}

    return await mutate(info, input, command, bulk_operation_id=bulk_operation_id)


async def bulk_operation(info: Info, id: Id) -> Any:
    """One operation by its id."""
    return await found(info.context, "bulk", id)


async def bulk_operations(
    info: Info, first: First = None, after: After = None, last: Last = None, before: Before = None
) -> Any:
    """Operations in pages."""
    return await info.context.answer(page(queries.listing, {}, page_request(first, after, last, before)))


async def bulk_operation_source(info: Info, id: Id) -> AsyncIterator[Event]:
    """The events of one operation that the actor sees, and one to begin with: it may be over before anybody hears."""
    context, key = info.context, decode_as("bulk", id)
    feed = await feed_of(context, f"bulk_operation:{key}")
    try:
        await context.get(queries.by_ids, key)
    except BaseException:
        await feed.aclose()
        raise
    feed.put(Event(EventKind.BULK_OPERATION))
    return feed


async def bulk_operation_updated(event: Event, info: Info, id: Id) -> Any:
    """The operation as it is now."""
    key = decode_as("bulk", id)
    if event.kind is EventKind.ACCESS:
        await info.context.get(queries.by_ids, key)
        raise NoNewsError
    return by_key(queries.by_ids, key)
