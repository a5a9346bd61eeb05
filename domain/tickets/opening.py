"""Raising a ticket: what all ways to do so have in common (spec 4.2, 6, 7)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from authz.grant import Grant
from domain.errors import ErrorCode, Problems
from domain.support.contact import check_email, check_name, check_phone, check_recipients
from domain.support.text import check_text
from domain.tickets.attachments import NO_FILES, Files, attach, chosen_files
from domain.tickets.events import TicketEventKind, happened
from domain.tickets.model import Attachment, ParticipantKind, Side, Ticket, TicketKind, TicketOrigin, TicketVisibility
from domain.tickets.notices import tell_vendor, write_to
from domain.tickets.participants import Person, add_participants, others, requester
from domain.tickets.states import SEVERITIES, SupportIssueType
from domain.tickets.subject import Subject
from domain.tickets.terms import Paid, terms

NOTHING_PAID = Paid()
LONGEST_SUMMARY = 255
LONGEST_DETAILS = 20_000
LONGEST_JOB_ID = 100
MOST_JOB_IDS = 50


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to answer, as it was entered (A13-A16)."""

    name: str
    email: str
    country_code: str | None = None
    phone_number: str | None = None
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Issue:
    """What it is about, as it was entered (A5-A12)."""

    summary: str
    service_id: UUID
    details: str
    severity: int | None
    contact: Contact
    issue_type: SupportIssueType | None = None
    job_ids: tuple[str, ...] = ()
    files: Files = NO_FILES


@dataclass(frozen=True, slots=True)
class Draft:
    """An issue that was checked: the columns of its ticket, and what comes with it."""

    columns: dict[str, Any]
    recipients: list[str]
    given: Files
    files: list[Attachment]


async def checked(grant: Grant, about: Subject, issue: Issue, problems: Problems) -> Draft:
    """Check all fields at once; the draft means something only if nothing was noted in `problems`."""
    contact, recipients = checked_contact(issue.contact, problems)
    columns = {
        "summary": check_text(issue.summary, problems, "summary", most=LONGEST_SUMMARY, required=True),
        "details": check_text(issue.details, problems, "details", most=LONGEST_DETAILS, required=True, lines=True),
        "job_ids": checked_job_ids(issue.job_ids, problems),
        "severity": issue.severity,
        "service_id": issue.service_id,
        "issue_type": issue.issue_type,
        **contact,
    }
    check_severity(issue.severity, problems)
    check_service(about, problems)
    return Draft(columns, recipients, issue.files, await chosen_files(grant, issue.files, problems))


def checked_contact(given: Contact, problems: Problems) -> tuple[dict[str, Any], list[str]]:
    """The ticket's columns of a contact, and the additional recipients (A13-A16)."""
    columns = {
        "contact_name": check_name(given.name, problems, "contact", "name"),
        "contact_email": check_email(given.email, problems, "contact", "email"),
        "contact_phone": check_phone(given.country_code, given.phone_number, problems, "phone"),
    }
    return columns, check_recipients(given.recipients, problems, "additionalRecipients")


def checked_job_ids(given: tuple[str, ...], problems: Problems) -> list[str]:
    """Distinct job ids in their order, blank ones dropped (A9)."""
    entered: dict[str, int] = {}
    for index, text in enumerate(given):
        if text.strip():
            entered.setdefault(text.strip(), index)
    if problems.too_many(entered, MOST_JOB_IDS, "job ids", "jobIds"):
        return []
    texts = (check_text(text, problems, "jobIds", str(i), most=LONGEST_JOB_ID) for text, i in entered.items())
    return list(dict.fromkeys(texts))


def check_severity(given: int | None, problems: Problems, *path: str) -> None:
    """On the scale of A8; a ticket may have none. `path` is that of the form's part that has it."""
    if given is not None and given not in SEVERITIES:
        problems.add(ErrorCode.OUT_OF_RANGE, "The severity is 1 (Trivial) to 5 (Critical).", *path, "severity")


def check_service(about: Subject, problems: Problems) -> None:
    """A service that is not offered to the actor is not there for it (A2)."""
    if not about.service_offered:
        problems.add(ErrorCode.NOT_FOUND, "There is no such service for which you can ask for support.", "serviceId")


async def open_ticket(
    grant: Grant, about: Subject, draft: Draft, *, origin: TicketOrigin, kind: TicketKind, **columns: Any
) -> tuple[Ticket, list[Person]]:
    """Write the ticket, who takes part in it, whom this gives too, and its files; `columns` are more of its own."""
    actor = grant.actor
    paid = columns.pop("paid", NOTHING_PAID)
    row = Ticket.row(
        **columns,
        **draft.columns,
        **await terms(grant, about, draft.columns["severity"], paid),
        tenant_id=about.id,
        managing_partner_id=actor.tenant_id if about.id != actor.tenant_id else None,
        origin=origin,
        kind=kind,
        visibility=_visibility(origin),
        requester_user_id=actor.user_id,
        requester_tenant_id=actor.tenant_id,
        requester_name=actor.name,
        requester_side=Side.PARTNER if actor.is_partner else Side.CUSTOMER,
        tenant_owner_user_id=about.owner_user_id,
        tenant_owner_name=about.owner_name,
        tenant_owner_email=about.owner_email,
        created_at=grant.now,
        last_public_activity_at=grant.now,
    )
    ticket, people = Ticket.seen(row), _people(grant, about, draft)
    grant.write(Ticket, row)
    happened(grant, ticket, TicketEventKind.CREATED, related_ticket_id=row.get("follow_up_of_id"))
    add_participants(grant, ticket, people)
    attach(grant, draft.given, draft.files, ticket)
    return ticket, people


def announce_ticket(grant: Grant, ticket: Ticket, people: list[Person], **more: Any) -> None:
    """Mail to contact and recipients, and word to the vendor (A20, A29, D24)."""
    own = [ticket.contact_email.lower()] if ticket.contact_email.lower() == grant.actor.email.lower() else []
    write_to(grant, ticket, "ticket_created", [*own, *others(grant, (person.email for person in people))])
    tell_vendor(grant, ticket, "ticket.created", **more)


def origin_of(grant: Grant, about: Subject, otherwise: TicketOrigin) -> TicketOrigin:
    """A partner asks on behalf of a customer, or for itself (AMB-7, E19)."""
    if about.id != grant.actor.tenant_id:
        return TicketOrigin.ON_BEHALF
    return TicketOrigin.PARTNER_REQUEST if grant.actor.is_partner else otherwise


def _visibility(origin: TicketOrigin) -> TicketVisibility:
    """A partner's own request is seen by its requester alone (E20)."""
    private = origin is TicketOrigin.PARTNER_REQUEST
    return TicketVisibility.REQUESTER_ONLY if private else TicketVisibility.ORGANIZATION


def _people(grant: Grant, about: Subject, draft: Draft) -> list[Person]:
    """Requester, contact, recipients; the customer's owner is copied in on what its partner asks for (AMB-7)."""
    cc = [Person(ParticipantKind.CC, email) for email in draft.recipients]
    if about.id != grant.actor.tenant_id and about.owner_email:
        cc.append(Person(ParticipantKind.CC, about.owner_email, about.owner_name))
    contact = Person(ParticipantKind.CONTACT, draft.columns["contact_email"], draft.columns["contact_name"])
    return [*requester(grant), contact, *cc]
