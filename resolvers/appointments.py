"""Meetings with whoever looks after a ticket (E15)."""

from datetime import datetime
from typing import Annotated, Any
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

    async def command(gate: Gate) -> Changed:
        key = key_of("appointment", appointment_id, "appointmentId")
        return await reschedule(gate, key, moment_of(input.starts_at, "startsAt"), expected_version)

    return await mutate(info, input, command, appointment_id=appointment_id, expected_version=expected_version)


async def ticket_appointment_cancel(
    info: Info,
    appointment_id: Id,
    input: Annotated[TicketAppointmentCancelInput, INPUT],
    expected_version: Version = None,
) -> Any:
    """Call a meeting off."""

    async def command(gate: Gate) -> Changed:
        return await cancel(gate, key_of("appointment", appointment_id, "appointmentId"), expected_version)

    return await mutate(info, input, command, appointment_id=appointment_id, expected_version=expected_version)


async def ticket_appointment_mark_no_show(
    info: Info,
    appointment_id: Id,
    input: Annotated[TicketAppointmentMarkNoShowInput, INPUT],
    expected_version: Version = None,
) -> Any:
    """Say that nobody came to a meeting."""

    async def command(gate: Gate) -> Changed:
        return await mark_no_show(gate, key_of("appointment", appointment_id, "appointmentId"), expected_version)

    return await mutate(info, input, command, appointment_id=appointment_id, expected_version=expected_version)
