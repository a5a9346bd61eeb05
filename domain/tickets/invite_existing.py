"""Inviting support for an existing issue (A24-A28, AMB-5)."""

from dataclasses import dataclass
from uuid import UUID

from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.errors import ErrorCode, Problems, refuse
from domain.support.text import check_text
from domain.tickets.access import calendar_for, side_of
from domain.tickets.attachments import Files, attach, chosen_files
from domain.tickets.copying import copy_in, new_copies
from domain.tickets.events import TicketEventKind, became, happened, logged
from domain.tickets.invite import checked_access, subject_for
from domain.tickets.model import MessageVisibility, ParticipantKind, Ticket, TicketStatus
from domain.tickets.notices import tell_vendor, write_to
from domain.tickets.opening import LONGEST_DETAILS, Contact, check_service, checked_contact
from domain.tickets.participants import Person, add_participants, addresses
from domain.tickets.replying import say
from domain.tickets.states import SupportTicketType, TemporaryAccessChoice
from domain.tickets.subject import Subject, ticket_types
from domain.tickets.temporary_accounts import grant_account


@dataclass(frozen=True, slots=True)
class CaseInvitation:
    """The form of an existing issue, as it was filled in; it has fewer fields than that of a new one (A26)."""

    tenant_id: UUID
    case_number: str
    service_id: UUID
    details: str
    contact: Contact
    files: Files
    temporary_access: TemporaryAccessChoice | None = None


@requires(Permission.SUPPORT_INVITE)
async def invite_existing(grant: Grant, form: CaseInvitation) -> UUID:
    """Take a case up again: the details become a reply, the recipients are copied in (AMB-5)."""
    about = await subject_for(grant, form.tenant_id, form.service_id, Permission.SUPPORT_INVITE)
    if SupportTicketType.EXISTING_ISSUE not in ticket_types(about):
        message = "Existing issues are supported in the commercial environment alone."
        refuse(ErrorCode.ENVIRONMENT_NOT_SUPPORTED, message, "tenantId")
    problems = Problems()
    access = checked_access(grant, about, form.temporary_access, problems)
    contact, recipients = checked_contact(form.contact, problems)
    details = check_text(form.details, problems, "details", most=LONGEST_DETAILS, required=True, lines=True)
    ticket = await _case(grant, about, form, problems)
    files = await chosen_files(grant, form.files, problems)
    copied = await new_copies(grant, ticket, recipients, problems, "additionalRecipients") if ticket else []
    problems.refuse_if_any()
    if ticket is None:
        raise RuntimeError("a case that is not there was not refused")
    before = ticket.status.value
    ticket.take_up(grant.now, await calendar_for(grant, ticket))
    for name, value in contact.items():
        setattr(ticket, name, value)
    message_id = say(grant, ticket, side_of(grant, ticket), details, MessageVisibility.PUBLIC)
    attach(grant, form.files, files, ticket, message_id)
    happened(grant, ticket, TicketEventKind.REPLIED, message_id=message_id)
    became(grant, ticket, before)
    await grant.flush()
    add_participants(grant, ticket, [Person(ParticipantKind.CONTACT, ticket.contact_email, ticket.contact_name)])
    copy_in(grant, ticket, copied)
    if access is TemporaryAccessChoice.CREATE_ACCOUNT:
        await grant_account(grant, ticket)
    noted = {"number": ticket.number, "temporary_access": access.value}
    logged(grant, "support.invite_existing", ticket, after=noted)
    more = {"author": grant.actor.name, "message_id": str(message_id)}
    write_to(grant, ticket, "ticket_reply", await addresses(grant, ticket), **more)
    tell_vendor(grant, ticket, "ticket.replied", side=side_of(grant, ticket).value, temporary_access=access.value)
    return ticket.id


async def _case(grant: Grant, about: Subject, form: CaseInvitation, problems: Problems) -> Ticket | None:
    """The case, locked: one message for all that the actor cannot see (A25), and the service must be its own (A27)."""
    wanted = grant.select(Ticket).where(Ticket.number == form.case_number.strip(), Ticket.tenant_id == about.id)
    ticket: Ticket | None = await grant.first(wanted.with_for_update(of=Ticket))
    check_service(about, problems)
    if ticket is None:
        problems.add(ErrorCode.CASE_NOT_FOUND, "There is no case with this number that you can see.", "caseNumber")
        return None
    if ticket.status is TicketStatus.CLOSED:
        problems.add(ErrorCode.CASE_CLOSED, "The case is closed: raise a new one.", "caseNumber")
    if about.service_offered and ticket.service_id != form.service_id:
        problems.add(ErrorCode.SERVICE_MISMATCH, "The case is about another service.", "serviceId")
    return ticket
