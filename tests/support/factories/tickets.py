"""Tickets and what hangs on them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from domain.base import new_id
from domain.support.clock import SlaClock
from domain.tickets.appointments import TicketAppointment
from domain.tickets.events import TicketEvent, TicketEventKind
from domain.tickets.model import (
    Attachment,
    AttachmentState,
    MessageVisibility,
    ParticipantKind,
    Side,
    SupportIssueType,
    TemporarySupportAccount,
    Ticket,
    TicketMessage,
    TicketOrigin,
    TicketParticipant,
)
from domain.tickets.notifications import Notification, NotificationKind
from domain.tickets.rating import TicketRating
from tests.support.factories.adding import add

FIFTEEN_DAYS = timedelta(days=15)


async def ticket(
    session: AsyncSession,
    tenant_id: UUID,
    requester_id: UUID | None = None,
    service_id: UUID | None = None,
    **values: Any,
) -> UUID:
    """An open ticket about `tenant_id`, raised there; its requester, if given, takes part in it."""
    given = {
        "origin": TicketOrigin.INVITE,
        "issue_type": SupportIssueType.TROUBLESHOOT,
        "severity": 3,
        "summary": "The backup stops",
        "details": "Every night at two.",
        "contact_name": "Ada Finch",
        "contact_email": "ada@alder.example",
        "requester_user_id": requester_id or new_id(),
        "requester_tenant_id": tenant_id,
        "requester_name": "Ada Finch",
        "requester_side": Side.CUSTOMER,
        "service_id": service_id,
    }
    key = await add(session, Ticket, tenant_id=tenant_id, **(given | values))
    if requester_id is not None:
        await participant(session, tenant_id, key, requester_id, ParticipantKind.REQUESTER)
    return key


async def participant(
    session: AsyncSession,
    tenant_id: UUID,
    ticket_id: UUID,
    user_id: UUID | None,
    kind: ParticipantKind = ParticipantKind.CC,
    **values: Any,
) -> UUID:
    """Someone who takes part in a ticket."""
    given = {"email": f"{new_id().hex}@alder.example"}
    return await add(
        session,
        TicketParticipant,
        tenant_id=tenant_id,
        ticket_id=ticket_id,
        user_id=user_id,
        kind=kind,
        **(given | values),
    )


async def message(
    session: AsyncSession, tenant_id: UUID, ticket_id: UUID, body: str = "It stopped again.", **values: Any
) -> UUID:
    """A public message of the customer's side."""
    given = {"author_name": "Ada Finch", "author_side": Side.CUSTOMER, "body": body}
    return await add(session, TicketMessage, tenant_id=tenant_id, ticket_id=ticket_id, **(given | values))


async def notification(session: AsyncSession, tenant_id: UUID, user_id: UUID, ticket_id: UUID, **values: Any) -> UUID:
    """What a user was told of a message, and has not read."""
    told = {"kind": NotificationKind.REPLY, "created_at": datetime.now(UTC)}
    return await add(
        session, Notification, tenant_id=tenant_id, user_id=user_id, ticket_id=ticket_id, **(told | values)
    )


async def event(session: AsyncSession, tenant_id: UUID, ticket_id: UUID, **values: Any) -> UUID:
    """Something in a ticket's timeline: by default, that it was raised."""
    given = {
        "occurred_at": datetime.now(UTC),
        "kind": TicketEventKind.CREATED,
        "visibility": MessageVisibility.PUBLIC,
        "actor_name": "Ada Finch",
        "actor_side": Side.CUSTOMER,
    }
    return await add(session, TicketEvent, tenant_id=tenant_id, ticket_id=ticket_id, **(given | values))


async def rating(session: AsyncSession, tenant_id: UUID, ticket_id: UUID, user_id: UUID, **values: Any) -> UUID:
    """What a user thinks of how a ticket was looked after."""
    given = {"score": 4, "comment": "", "rated_at": datetime.now(UTC), "rated_by_user_id": user_id}
    return await add(session, TicketRating, tenant_id=tenant_id, ticket_id=ticket_id, **(given | values))


async def appointment(session: AsyncSession, tenant_id: UUID, ticket_id: UUID, agent_id: UUID, **values: Any) -> UUID:
    """A meeting with an agent, in two days' time."""
    starts_at = values.pop("starts_at", None) or datetime.now(UTC).replace(minute=0, second=0) + timedelta(days=2)
    given = {
        "advocate_user_id": agent_id,
        "advocate_name": "Agent Northstar",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=30),
    }
    return await add(session, TicketAppointment, tenant_id=tenant_id, ticket_id=ticket_id, **(given | values))


async def attachment(session: AsyncSession, tenant_id: UUID, ticket_id: UUID, uploader_id: UUID, **values: Any) -> UUID:
    """A file that is part of a ticket."""
    given = {
        "uploader_user_id": uploader_id,
        "file_name": "night.log",
        "media_type": "text/plain",
        "size": 5,
        "state": AttachmentState.ATTACHED,
        "privacy_agreement_version": "2026-01",
        "accepted_at": datetime.now(UTC),
    }
    return await add(session, Attachment, tenant_id=tenant_id, ticket_id=ticket_id, **(given | values))


def promises(region_id: UUID) -> dict[str, Any]:
    """Columns of a ticket that was raised now and is to be answered within two hours (spec 7)."""
    return {
        "region_id": region_id,
        "response_minutes": 120,
        "response_clock": SlaClock.CALENDAR,
        "response_due_at": datetime.now(UTC) + timedelta(minutes=120),
        "response_at_risk_at": datetime.now(UTC) + timedelta(minutes=90),
        "resolution_minutes": 720,
        "resolution_due_at": datetime.now(UTC) + timedelta(minutes=720),
        "resolution_at_risk_at": datetime.now(UTC) + timedelta(minutes=540),
    }


async def temporary_account(
    session: AsyncSession, tenant_id: UUID, ticket_id: UUID, service_id: UUID, **values: Any
) -> UUID:
    """The vendor's account in one tenant and service, granted now for 15 days (A19)."""
    granted = values.setdefault("granted_at", datetime.now(UTC))
    given = {"expires_at": granted + FIFTEEN_DAYS}
    return await add(
        session,
        TemporarySupportAccount,
        tenant_id=tenant_id,
        ticket_id=ticket_id,
        service_id=service_id,
        **(given | values),
    )
