"""Meetings with whoever looks after a ticket, as clients see them (E15)."""

from datetime import datetime
from typing import Any

import strawberry

from domain.tickets.appointments import state_of
from resolvers.enums.tickets import AppointmentStatus
from schema.fields import computed, global_id, plain
from schema.relay import Node


def _status(root: Any) -> AppointmentStatus:
    return state_of(root["status"], root["ends_at"], root["now"])


@strawberry.type(description="A meeting of whoever raised a ticket with the vendor's agent who looks after it.")
class TicketAppointment(Node):
    """Rows of `domain.tickets.appointments.of_tickets`."""

    id: strawberry.ID = global_id("appointment")
    advocate_name: str = plain("With whom, by the name of that time.")
    starts_at: datetime = plain("When it begins.")
    ends_at: datetime = plain("When it ends.")
    status: AppointmentStatus = computed(
        _status, needs=("status", "ends_at", "now"), description="Where it stands at this instant."
    )
    version: int = plain("Changes with every edit; give it back to notice concurrent ones.")


@strawberry.type(description="A time at which a meeting can be held.")
class AppointmentSlot:
    """Made by `resolvers.appointments`."""

    starts_at: datetime = plain("When it begins: what `ticketAppointmentBook` takes.")
    ends_at: datetime = plain("When it ends.")
