"""Loading a ticket for a command: locked, at the version that the caller has seen, with what the actor may do."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam

from authz.errors import ForbiddenError
from authz.grant import Grant
from domain.base import Versioned
from domain.errors import ErrorCode, refuse
from domain.support.calendars import calendar_of, calendars
from domain.support.model import SupportRegion
from domain.support.working_time import Calendar
from domain.tickets.criteria import viewer_standing
from domain.tickets.model import Side, Ticket
from domain.tickets.rights import Rights, Standing, rights

TICKET = bindparam("ticket_id", type_=Uuid())


async def ticket_for(grant: Grant, ticket_id: UUID, act: str | None, expected_version: int | None = None) -> Ticket:
    """The ticket, locked, if the actor holds `act` of its `Rights`; refuses with CONFLICT where it has been changed.

    Without an `act` the command says itself what is allowed.
    """
    ticket = await grant.get(Ticket, ticket_id, lock=True)
    if act is not None and not getattr(await rights_at(grant, ticket), act):
        raise ForbiddenError
    check_version(ticket, expected_version)
    return ticket


def check_version(row: Versioned, expected: int | None) -> None:
    """Refuse with CONFLICT where it has been changed since the caller read it."""
    if expected is not None and expected != row.version:
        message = "Somebody else changed this in the meantime: read it again."
        refuse(ErrorCode.CONFLICT, message, "expectedVersion", current_version=row.version)


async def rights_at(grant: Grant, ticket: Ticket) -> Rights:
    """What the actor may do with the ticket."""
    return rights(grant.actor, await standing_of(grant, ticket))


async def standing_of(grant: Grant, ticket: Ticket) -> Standing:
    """What of the ticket decides about the actor's rights."""
    (viewer,) = await grant.rows(_viewer, ticket_id=ticket.id)
    return Standing(
        ticket.tenant_id,
        ticket.managing_partner_id,
        ticket.requester_user_id,
        ticket.assignee_id,
        ticket.status,
        ticket.resolved_at,
        viewer["viewer_replies"],
        viewer["viewer_in_charge"],
    )


def _viewer(grant: Grant) -> Select[Any]:
    return grant.select(Ticket, *viewer_standing(grant.powers)).where(Ticket.id == TICKET)


async def calendar_for(grant: Grant, ticket: Ticket) -> Calendar | None:
    """The working hours by which the ticket's clocks run."""
    calendar = calendars()
    of_region = (
        grant.select(SupportRegion, calendar.c.calendar)
        .select_from(SupportRegion)
        .join(calendar, calendar.c.region_id == SupportRegion.id)
    )
    text = await grant.first(of_region.where(SupportRegion.id == ticket.region_id))
    return calendar_of(text) if text else None


def side_of(grant: Grant, ticket: Ticket) -> Side:
    """For whom the actor speaks in the ticket."""
    if grant.actor.is_platform:
        return Side.VENDOR
    return Side.CUSTOMER if ticket.tenant_id == grant.actor.tenant_id else Side.PARTNER
