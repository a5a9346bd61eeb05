"""What is pushed to whom, looked at as it leaves: it may have waited, and access may have ended."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BindParameter, Row, Select, Uuid, bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from authz.actor import Actor
from authz.errors import ForbiddenError
from authz.gate import Gate, requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.notifications.model import Device, NotificationPreferences
from domain.notifications.wishes import as_json
from domain.records.model import OutboxEvent
from domain.tenants.principals import user_actors_without_session
from domain.tickets.model import Ticket, TicketMessage
from tenancy.database import Database
from tenancy.scope import WORKER

TOPIC: Final = "push"
EVENT: BindParameter[UUID] = bindparam("event_id", type_=Uuid())
DEVICE: BindParameter[UUID] = bindparam("device_id", type_=Uuid())


async def parcel(session: AsyncSession, event_id: UUID, device_id: UUID, now: datetime) -> Row[Any] | None:
    """What is to be pushed, and where to; None where the device is none any more."""
    values = {EVENT.key: event_id, DEVICE.key: device_id, "now": now}
    row: Row[Any] | None = (await session.execute(_parcel(), values)).one_or_none()
    return row


def _parcel() -> Select[Any]:
    own = NotificationPreferences
    wishes = select(as_json()).where(own.user_id == Device.user_id).scalar_subquery()
    device = (Device.user_id, Device.platform, Device.app_id, Device.token_encrypted, Device.registered_at)
    addressed = OutboxEvent.payload["user_id"].as_string().cast(Uuid()) == Device.user_id
    return (
        select(OutboxEvent.payload, OutboxEvent.created_at, *device, wishes.label("wishes"))
        .join(Device, addressed)
        .where(OutboxEvent.id == EVENT, Device.id == DEVICE, Device.expires_at > bindparam("now"))
    )


async def may_hear(database: Database, user_id: UUID, ticket_id: UUID, message_id: UUID | None, now: datetime) -> bool:
    """Whether a user sees the ticket, and the message if it is about one, anywhere it acts at this instant."""
    for actor in await user_actors_without_session(database, user_id, now):
        if await _sees(database, actor, ticket_id, message_id):
            return True
    return False


async def _sees(database: Database, actor: Actor, ticket_id: UUID, message_id: UUID | None) -> bool:
    async with database.reading(actor.scope) as session:
        try:
            return await _found(Gate(actor, session), ticket_id, message_id)
        except ForbiddenError:
            return False


@requires(Permission.TICKET_READ)
async def _found(grant: Grant, ticket_id: UUID, message_id: UUID | None) -> bool:
    seen = await grant.first(grant.select(Ticket, Ticket.id).where(Ticket.id == ticket_id))
    if seen is None or message_id is None:
        return seen is not None
    said = grant.select(TicketMessage, TicketMessage.id).where(TicketMessage.id == message_id)
    return await grant.first(said) is not None


async def forget(database: Database, device_id: UUID, registered_at: datetime) -> None:
    """Drop a device whose token is dead, unless it was registered anew meanwhile."""
    same = Device.id == device_id, Device.registered_at == registered_at
    async with database.writing(WORKER) as session:
        await session.execute(delete(Device).where(*same).execution_options(synchronize_session=False))
