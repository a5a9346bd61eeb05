"""Which tickets an actor sees (spec 5.3, `ticket:read`): one predicate, made of the arms that its role opens."""

from typing import Any

from sqlalchemy import ColumnElement, Exists, and_, case, exists, false, func, literal_column, or_, true

from authz import binds
from authz.permissions import Permission
from authz.powers import Powers
from authz.roles import Role
from domain.services.model import within_service_scope
from domain.tenants.reach import managed_customers, own_tenant

ALL_OF_TENANT = frozenset(
    {
        Role.TENANT_OWNER,
        Role.SERVICE_ADMINISTRATOR,
        Role.CUSTOMIZED_ADMINISTRATOR,
        Role.PARTNER_ADMIN,
        Role.PARTNER_USER,
    }
)
ALL_TICKETS = frozenset({Role.AGENT_LEAD, Role.OPERATOR})


def visible_tickets(ticket: Any, participant: Any, powers: Powers) -> ColumnElement[bool]:
    """Tickets of the tenant as far as the role goes, of managed customers, and those in which the actor takes part.

    `ticket` and `participant` are the mapped classes, handed in because they are made of this.
    """
    if not powers.holds(Permission.TICKET_READ):
        return false()
    if powers.role is Role.TEMPORARY_SUPPORT:
        return ticket.id == binds.TICKET  # type: ignore[no-any-return]  # a mapped column
    if powers.role is Role.PARTICIPANT:
        return and_(own_tenant(ticket.tenant_id), _named_by_entitled(ticket, participant))
    if powers.is_platform:
        return _queue(ticket, powers)
    shared = and_(or_(*_organization_arms(ticket, powers)), ticket.visibility == "ORGANIZATION")
    return or_(shared, _takes_part(ticket, participant, powers))


def in_range(ticket: Any, powers: Powers) -> ColumnElement[bool]:
    """The range of an index in which all lies that these powers see: for lists that nothing else narrows down.

    Where a tenant is named it would mislead: PostgreSQL would read the whole range for each.
    """
    if powers.is_platform or powers.role is Role.TEMPORARY_SUPPORT:
        return true()
    return _of_desk(ticket, powers)


def with_ticket(row: Any, ticket: Any, powers: Powers) -> ColumnElement[bool]:
    """Rows that are seen by whoever sees their ticket."""
    return exists().where(ticket.id == row.ticket_id, ticket.visible_to(powers))


def where_held(row: Any, permission: Permission, powers: Powers) -> ColumnElement[bool]:
    """Rows of tenants in which these powers hold an act: at home, or at customers in PARTNER mode (spec 5.2)."""
    if powers.is_platform:
        return true() if powers.holds(permission) else false()
    home = own_tenant(row.tenant_id) if powers.holds(permission) else false()
    if permission not in powers.managed:
        return home
    return or_(home, managed_customers(row.tenant_id, row.managing_partner_id, powers))


def _of_desk(ticket: Any, powers: Powers) -> ColumnElement[bool]:
    """The acting tenant's tickets and, for a partner, those of its customers in either mode."""
    return own_tenant(ticket.desk_id if powers.is_partner else ticket.tenant_id)


def in_charge(ticket: Any, powers: Powers) -> ColumnElement[bool]:
    """Whether the actor's role reaches the ticket; else it sees it by its part in it alone, and may no more than that.

    So it is beyond an application administrator's services, and at customers from whom groups keep a partner's user.
    """
    if not (powers.limited_to_services or powers.grouped):
        return true()
    return or_(*_organization_arms(ticket, powers))


def copied_in(ticket: Any, participant: Any) -> Exists:
    """Whether the actor is a CC recipient (C8); the kind is written out, so that plans can use the index of copies."""
    copy = participant.kind == literal_column("'CC'")
    return exists().where(participant.ticket_id == ticket.id, participant.user_id == binds.USER, copy)


def named_in(ticket: Any, participant: Any) -> Exists:
    """Whether the actor is contact or CC recipient: whom a ticket names who did not raise it."""
    kinds: tuple[ColumnElement[str], ...] = (literal_column("'CC'"), literal_column("'CONTACT'"))
    return exists().where(
        participant.ticket_id == ticket.id, participant.user_id == binds.USER, participant.kind.in_(kinds)
    )


def _named_by_entitled(ticket: Any, participant: Any) -> Exists:
    """Whether the actor is named on the word of the organisation, or of the partner that manages it now.

    A suspended partner's word does not count. The database's function tells: the actor does not see the partner.
    """
    by = participant.added_by_tenant_id
    by_partner = and_(by == ticket.managing_partner_id, func.is_active(by))
    return named_in(ticket, participant).where(or_(by == ticket.tenant_id, by_partner))


def _organization_arms(ticket: Any, powers: Powers) -> list[ColumnElement[bool]]:
    own = own_tenant(ticket.tenant_id)
    arms: list[ColumnElement[bool]] = [false()]
    if powers.role in ALL_OF_TENANT:
        arms.append(own)
    elif powers.role is Role.APPLICATION_ADMINISTRATOR:
        arms.append(and_(own, within_service_scope(ticket.service_id, powers)))
    elif powers.organization_tickets:
        arms.append(own)
    if Permission.TICKET_READ in powers.managed:
        arms.append(managed_customers(ticket.tenant_id, ticket.managing_partner_id, powers))
    return arms


def _takes_part(ticket: Any, participant: Any, powers: Powers) -> ColumnElement[bool]:
    """The actor raised the ticket in the acting tenant, or is named in it: as its contact, or copied in (spec 4.1).

    A partner's people take part by a copy alone, at its customers in either mode (4.4) and in what it asks for itself
    (E20). In another tenant of theirs the same person does not see it (AMB-34). A partner's user who raised a ticket
    for a customer does not keep it when the relationship ends (spec 4.4).
    """
    requested = and_(ticket.requester_user_id == binds.USER, own_tenant(ticket.tenant_id))
    named = copied_in(ticket, participant) if powers.is_partner else named_in(ticket, participant)
    # A CASE: it looks the name up last, and PostgreSQL takes it to hold often, as what is beside it does.
    return or_(requested, case((_of_desk(ticket, powers), named), else_=false()))


def _queue(ticket: Any, powers: Powers) -> ColumnElement[bool]:
    """Agents see what is assigned to them or to nobody yet; leads and operators everything."""
    if powers.role in ALL_TICKETS:
        return true()
    return or_(ticket.assignee_id == binds.USER, ticket.assignee_id.is_(None))
