"""Inviting support for a new issue (A1-A23, A28-A32)."""

from dataclasses import dataclass
from uuid import UUID

from authz.errors import NotFoundError
from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.errors import ErrorCode, Problems, RefusedError, refuse
from domain.tickets.events import logged
from domain.tickets.model import TicketKind, TicketOrigin
from domain.tickets.opening import Issue, announce_ticket, checked, open_ticket, origin_of
from domain.tickets.states import TemporaryAccessChoice
from domain.tickets.subject import Subject, access_chosen, access_offered, reason_against, subject
from domain.tickets.temporary_accounts import open_account

OPTION = "SUPPORT_TEMPORARY_ACCOUNT"


@dataclass(frozen=True, slots=True)
class Invitation:
    """The form of a new issue, as it was filled in."""

    tenant_id: UUID
    issue: Issue
    temporary_access: TemporaryAccessChoice | None = None


@requires(Permission.SUPPORT_INVITE)
async def invite(grant: Grant, form: Invitation) -> UUID:
    """Raise a ticket with everything that belongs to it, or refuse with all that is wrong with the form."""
    about = await subject_for(grant, form.tenant_id, form.issue.service_id, Permission.SUPPORT_INVITE)
    problems = Problems()
    access = checked_access(grant, about, form.temporary_access, problems)
    draft = await checked(grant, about, form.issue, problems)
    problems.refuse_if_any()
    origin = origin_of(grant, about, TicketOrigin.INVITE)
    ticket, people = await open_ticket(grant, about, draft, origin=origin, kind=TicketKind.ADVISORY)
    if access is TemporaryAccessChoice.CREATE_ACCOUNT:
        open_account(grant, ticket)
    noted = {"number": ticket.number, "severity": ticket.severity, "temporary_access": access.value}
    logged(grant, "support.invite", ticket, after=noted)
    announce_ticket(grant, ticket, people, temporary_access=access.value)
    return ticket.id


async def subject_for(grant: Grant, tenant_id: UUID, service_id: UUID, permission: Permission) -> Subject:
    """The tenant, if the actor may ask for support there; nothing else of a form is looked at otherwise."""
    try:
        about = await subject(grant, tenant_id, service_id)
    except NotFoundError as error:
        refuse(ErrorCode.NOT_FOUND, error.message, "tenantId")
    reason = reason_against(grant.actor, about, permission)
    if reason is not None:
        raise RefusedError([reason])
    return about


def checked_access(
    grant: Grant, about: Subject, given: TemporaryAccessChoice | None, problems: Problems
) -> TemporaryAccessChoice:
    """The answer to the question of a temporary account, which may not have been asked (A17, A20-A23, A28)."""
    chosen = access_chosen(given, offered=access_offered(grant.actor, about))
    if chosen is None:
        message = "A temporary support account is not offered here."
        problems.add(ErrorCode.OPTION_UNAVAILABLE, message, "temporaryAccess", option=OPTION)
    return chosen or TemporaryAccessChoice.NOTIFY_ONLY
