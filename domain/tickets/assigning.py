"""Giving tickets to agents (E14)."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, exists

from authz import binds
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.errors import ErrorCode, refuse
from domain.tenants.model import ASSIGNABLE, Membership, MembershipStatus, User, UserStatus
from domain.tickets.access import ticket_for
from domain.tickets.booking import cancel_ahead
from domain.tickets.events import TicketEventKind, happened, logged
from domain.tickets.notices import tell_vendor
from domain.tickets.states import TicketStatus

AGENT = bindparam("agent_id", type_=Uuid())


@requires(Permission.TICKET_ASSIGN)
async def assign(grant: Grant, ticket_id: UUID, agent_id: UUID | None, expected_version: int | None) -> UUID:
    """Give the ticket to an agent of the platform, or, with None, back to the queue; whose it is already, it stays."""
    ticket = await ticket_for(grant, ticket_id, "assign", expected_version)
    name = await _name(grant, agent_id) if agent_id else None
    before = {"assignee": ticket.assignee_name}
    if agent_id == ticket.assignee_id and ticket.status is not TicketStatus.CLOSED:
        return ticket.id
    await cancel_ahead(grant, ticket)
    ticket.assign(agent_id, name, grant.now)
    happened(grant, ticket, TicketEventKind.ASSIGNED, before=before["assignee"], after=ticket.assignee_name)
    await grant.flush()
    after = {"number": ticket.number, "assignee": ticket.assignee_name}
    logged(grant, "ticket.assign", ticket, before=before, after=after)
    tell_vendor(grant, ticket, "ticket.assigned", assignee_id=str(agent_id) if agent_id else None)
    return ticket.id


async def _name(grant: Grant, agent_id: UUID) -> str:
    """The agent's name; refuses where there is none."""
    found = await grant.rows(_agents, agent_id=agent_id)
    if not found:
        refuse(ErrorCode.NOT_FOUND, "There is no such agent.", "assigneeId")
    return f"{found[0]['first_name']} {found[0]['last_name']}".strip()


def _agents(grant: Grant) -> Select[Any]:
    """Its name alone: jobs read no more of accounts."""
    employed = exists().where(
        Membership.user_id == User.id,
        Membership.tenant_id == binds.TENANT,
        Membership.status == MembershipStatus.ACTIVE,
        Membership.role.in_(ASSIGNABLE),
    )
    wanted = (User.id == AGENT, User.status == UserStatus.ACTIVE, employed)
    return grant.select(User, User.first_name, User.last_name).where(*wanted)
