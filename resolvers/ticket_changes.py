"""What becomes of a ticket: resolving, closing, assigning, its severity, and ending the vendor's access."""

from typing import Annotated, Any

import strawberry

from authz.gate import Gate
from domain.tickets.assigning import assign
from domain.tickets.closing import close, reopen, resolve
from domain.tickets.severity import set_severity
from domain.tickets.temporary_accounts import revoke
from resolvers.arguments import INPUT, Id, Version
from resolvers.context import Info
from resolvers.enums.tickets import ClosureCode
from resolvers.inputs import any_key, key_of
from resolvers.mutations import Changed, MutationInput, mutate
from resolvers.ticket_mutations import on_ticket


@strawberry.input(description="Input of `ticketResolve`.")
class TicketResolveInput(MutationInput):
    """Nothing but what every mutation takes."""


@strawberry.input(description="Input of `ticketReopen`.")
class TicketReopenInput(MutationInput):
    """Nothing but what every mutation takes."""


@strawberry.input(description="Input of `ticketClose`.")
class TicketCloseInput(MutationInput):
    """D25."""

    closure_code: ClosureCode = strawberry.field(description="Why it is closed.")


@strawberry.input(description="Input of `ticketAssign`.")
class TicketAssignInput(MutationInput):
    """E14."""

    assignee_id: strawberry.ID | None = strawberry.field(
        default=None, description="The user id of an agent; null gives the ticket back to the queue."
    )


@strawberry.input(description="Input of `ticketSeveritySet`.")
class TicketSeveritySetInput(MutationInput):
    """Spec 7."""

    severity: int = strawberry.field(description="1 (Trivial) to 5 (Critical) (A8).")


@strawberry.input(description="Input of `temporarySupportAccountRevoke`.")
class TemporarySupportAccountRevokeInput(MutationInput):
    """Nothing but what every mutation takes."""


async def ticket_resolve(
    info: Info, ticket_id: Id, input: Annotated[TicketResolveInput, INPUT], expected_version: Version = None
) -> Any:
    """Call a ticket solved."""
    return await on_ticket(info, ticket_id, input, resolve, expected_version=expected_version)


async def ticket_reopen(
    info: Info, ticket_id: Id, input: Annotated[TicketReopenInput, INPUT], expected_version: Version = None
) -> Any:
    """Open a ticket again."""
    return await on_ticket(info, ticket_id, input, reopen, expected_version=expected_version)


async def ticket_close(
    info: Info, ticket_id: Id, input: Annotated[TicketCloseInput, INPUT], expected_version: Version = None
) -> Any:
    """Close a ticket."""
    return await on_ticket(info, ticket_id, input, close, input.closure_code, expected_version=expected_version)


async def ticket_assign(
    info: Info, ticket_id: Id, input: Annotated[TicketAssignInput, INPUT], expected_version: Version = None
) -> Any:
    """Give a ticket to an agent."""
    agent = None if input.assignee_id is None else any_key("user", input.assignee_id)
    return await on_ticket(info, ticket_id, input, assign, agent, expected_version=expected_version)


async def ticket_severity_set(
    info: Info, ticket_id: Id, input: Annotated[TicketSeveritySetInput, INPUT], expected_version: Version = None
) -> Any:
    """Say how bad a ticket is."""
    return await on_ticket(info, ticket_id, input, set_severity, input.severity, expected_version=expected_version)


async def temporary_support_account_revoke(
    info: Info,
    temporary_support_account_id: Id,
    input: Annotated[TemporarySupportAccountRevokeInput, INPUT],
) -> Any:
    """End a temporary support account before its time."""

    async def command(gate: Gate) -> Changed:
        key = key_of("temporary_account", temporary_support_account_id, "temporarySupportAccountId")
        await revoke(gate, key)
        return {"temporary_support_account_id": key}

    return await mutate(info, input, command, temporary_support_account_id=temporary_support_account_id)
