"""Giving tickets to agents (E14)."""

from uuid import UUID

from sqlalchemy import exists

from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from authz.roles import Role
from domain.errors import ErrorCode, refuse
from domain.records.commands import audit
from domain.tenants.model import Membership, MembershipStatus, User, UserStatus
from domain.tickets.access import ticket_for
from domain.tickets.notices import tell_vendor

ASSIGNABLE = (Role.AGENT, Role.AGENT_LEAD)


@requires(Permission.TICKET_ASSIGN)
async def assign(grant: Grant, ticket_id: UUID, agent_id: UUID | None, expected_version: int | None) -> UUID:
    """Give the ticket to an agent of the platform, or, with None, back to the queue."""
    ticket = await ticket_for(grant, ticket_id, "assign", expected_version)
    agent = await _agent(grant, agent_id) if agent_id else None
    before = {"assignee": ticket.assignee_name}
    ticket.assign(agent.id if agent else None, agent.name if agent else None, grant.now)
    await grant.flush()
    after = {"number": ticket.number, "assignee": ticket.assignee_name}
    audit(grant, "ticket.assign", "ticket", ticket.id, ticket.tenant_id, before=before, after=after)
    tell_vendor(grant, ticket, "ticket.assigned", assignee_id=str(agent.id) if agent else None)
    return ticket.id


async def _agent(grant: Grant, agent_id: UUID) -> User:
    employed = exists().where(
        Membership.user_id == User.id,
        Membership.tenant_id == grant.actor.tenant_id,
        Membership.status == MembershipStatus.ACTIVE,
        Membership.role.in_(ASSIGNABLE),
    )
    agents = grant.select(User).where(User.id == agent_id, User.status == UserStatus.ACTIVE, employed)
    found: User | None = await grant.first(agents)
    if found is None:
        refuse(ErrorCode.NOT_FOUND, "There is no such agent.", "assigneeId")
    return found
