"""Meetings with whoever looks after a ticket (E15)."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any, TypeAlias
from uuid import UUID

import strawberry

from authz.errors import NotFoundError
from authz.gate import Gate
from domain.errors import RefusedError
from domain.tickets import appointments
from domain.tickets.booking import book, cancel, mark_no_show, offered, reschedule
from execution.ids import decode_as
from resolvers.arguments import INPUT, Id, Version
from resolvers.context import Info
from resolvers.errors import RefusedQueryError
from resolvers.inputs import key_of, moment, moment_of
from resolvers.mutations import Changed, MutationInput, mutate
from resolvers.ticket_mutations import on_ticket

Command: TypeAlias = Callable[[Gate, UUID, int | None], Awaitable[Changed]]
STARTS_AT = "When it is to begin: one of `ticketAppointmentSlots`."
From = Annotated[
    datetime, strawberry.argument(name="from", description="From when on they begin; not earlier than in two hours.")
]
To = Annotated[datetime, strawberry.argument(description="Until when they begin: at most 14 days later.")]


@strawberry.input(description="Input of `ticketAppointmentBook`.")
class TicketAppointmentBookInput(MutationInput):
    """E15."""

    starts_at: datetime = strawberry.field(description=STARTS_AT)


@strawberry.input(description="Input of `ticketAppointmentReschedule`.")
class TicketAppointmentRescheduleInput(MutationInput):
    """E15."""

    starts_at: datetime = strawberry.field(description=STARTS_AT)


@strawberry.input(description="Input of `ticketAppointmentCancel`.")
class TicketAppointmentCancelInput(MutationInput):
    """Nothing but what every mutation takes."""


@strawberry.input(description="Input of `ticketAppointmentMarkNoShow`.")
class TicketAppointmentMarkNoShowInput(MutationInput):
    """Nothing but what every mutation takes."""


async def ticket_appointment_slots(info: Info, ticket_id: Id, since: From, to: To) -> Any:
    """When the advocate of a ticket can be met."""
    context = info.context
    wanted = moment(since, "from"), moment(to, "to")
    row = await context.row(appointments.agenda(context.gate), ticket_id=decode_as("ticket", ticket_id))
    if row is None:
        raise NotFoundError
    try:
        slots = offered(context.actor, row, *wanted)
    except RefusedError as refusal:
        raise RefusedQueryError(refusal.problems[0]) from None
    return [{"starts_at": start, "ends_at": end} for start, end in slots]


async def ticket_appointment_book(
    info: Info, ticket_id: Id, input: Annotated[TicketAppointmentBookInput, INPUT], expected_version: Version = None
) -> Any:
    """Arrange a meeting."""

    async def command(gate: Gate, key: UUID, expected_version: int | None) -> Changed:
        return await book(gate, key, moment_of(input.starts_at, "startsAt"), expected_version)

    return await on_ticket(info, ticket_id, input, command, expected_version=expected_version)


async def ticket_appointment_reschedule(
    info: Info,
    appointment_id: Id,
    input: Annotated[TicketAppointmentRescheduleInput, INPUT],
    expected_version: Version = None,
) -> Any:
    """Hold a meeting at another time."""

    async def command(gate: Gate, key: UUID, expected_version: int | None) -> Changed:
        return await reschedule(gate, key, moment_of(input.starts_at, "startsAt"), expected_version)

    return await _on_appointment(info, appointment_id, input, command, expected_version)


async def ticket_appointment_cancel(
    info: Info,
    appointment_id: Id,
    input: Annotated[TicketAppointmentCancelInput, INPUT],
    expected_version: Version = None,
) -> Any:
    """Call a meeting off."""

    return await _on_appointment(info, appointment_id, input, cancel, expected_version)


async def ticket_appointment_mark_no_show(
    info: Info,
    appointment_id: Id,
    input: Annotated[TicketAppointmentMarkNoShowInput, INPUT],
    expected_version: Version = None,
) -> Any:
    """Say that nobody came to a meeting."""
    return await _on_appointment(info, appointment_id, input, mark_no_show, expected_version)


async def _on_appointment(
    info: Info, appointment_id: str, given: MutationInput, command: Command, expected_version: int | None
) -> dict[str, Any]:
    async def run(gate: Gate) -> Changed:
        return await command(gate, key_of("appointment", appointment_id, "appointmentId"), expected_version)

    return await mutate(info, given, run, appointment_id=appointment_id, expected_version=expected_version)
