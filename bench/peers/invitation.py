"""The rules of an invitation that need no database, as both peers that write ask them of the platform's pure functions.

How text is checked and how working time is counted is the same work whoever does it; who reads and writes what, and
in which statements, is each peer's own.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

import orjson

from domain.errors import ErrorCode, Problems, RefusedError
from domain.support.calendars import calendar_of
from domain.support.contact import check_email, check_name, check_phone, check_recipients
from domain.support.targets import targets
from domain.support.text import check_text
from domain.tickets.states import SEVERITIES, SupportIssueType
from execution.ids import decode_as

OPERATION = "supportInviteNewIssue"
HIDDEN = "SUPPORT_TEMPORARY_ACCOUNT"
LIFETIME = timedelta(days=15)
NEW_TICKET: dict[str, Any] = {
    "kind": "ADVISORY",
    "origin": "INVITE",
    "status": "OPEN",
    "visibility": "ORGANIZATION",
    "requester_side": "CUSTOMER",
    "reopened_count": 0,
    "version": 1,
}
"""What is the same in every invitation for one's own tenant."""


class Person(Protocol):
    """Who asks."""

    @property
    def user_id(self) -> UUID: ...
    @property
    def email(self) -> str: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Form:
    """What was filled in, once it was checked; `columns` are the ticket's."""

    tenant_id: UUID
    service_id: UUID
    key: str
    body_hash: str
    columns: dict[str, Any]
    recipients: list[str]
    temporary_access: str | None


def read(given: dict[str, Any], problems: Problems) -> Form:
    """The form, with all that is wrong with its texts noted in `problems`."""
    contact, phone = given["contact"], given.get("phone") or {}
    severity = given["severity"]
    if not 1 <= severity <= 5:
        problems.add(ErrorCode.OUT_OF_RANGE, "The severity is 1 (Trivial) to 5 (Critical).", "severity")
    job_ids = list(dict.fromkeys(text.strip() for text in given.get("jobIds") or () if text.strip()))
    columns = {
        "job_ids": [check_text(text, problems, "jobIds", most=100) for text in job_ids],
        "summary": check_text(given["summary"], problems, "summary", most=255, required=True),
        "details": check_text(given["details"], problems, "details", most=20_000, required=True, lines=True),
        "issue_type": SupportIssueType(given["issueType"]).value,
        "severity": severity,
        "contact_name": check_name(contact["name"], problems, "contact", "name"),
        "contact_email": check_email(contact["email"], problems, "contact", "email"),
        "contact_phone": check_phone(phone.get("countryCode"), phone.get("number"), problems, "phone"),
    }
    return Form(
        tenant_id=decode_as("tenant", given["tenantId"]),
        service_id=decode_as("service", given["serviceId"]),
        key=given["idempotencyKey"],
        body_hash=hashlib.sha256(orjson.dumps([OPERATION, given], option=orjson.OPT_SORT_KEYS)).hexdigest(),
        columns=columns,
        recipients=check_recipients(given.get("additionalRecipients"), problems, "additionalRecipients"),
        temporary_access=given.get("temporaryAccess"),
    )


def access(form: Form, *, offered: bool, problems: Problems) -> str:
    """Whether the vendor gets a temporary account (A17-A23)."""
    if offered:
        return form.temporary_access or "CREATE_ACCOUNT"
    if form.temporary_access == "CREATE_ACCOUNT":
        message = "A temporary support account is not offered here."
        problems.add(ErrorCode.OPTION_UNAVAILABLE, message, "temporaryAccess")
    return "NOTIFY_ONLY"


def check_service(problems: Problems, *, offered: bool) -> None:
    """A service that is not offered is not there (A2)."""
    if not offered:
        message = "There is no such service for which you can ask for support."
        problems.add(ErrorCode.NOT_FOUND, message, "serviceId")


def promises(now: datetime, promised: Mapping[str, Any], calendar: str | None) -> dict[str, Any]:
    """The ticket's columns of its targets, of a policy's row; `calendar` is the JSON text of the region's hours."""
    if promised["clock"] is None or calendar is None:
        return {}
    return targets(now, dict(promised), calendar_of(calendar))


def people(form: Form, caller: Person) -> list[dict[str, Any]]:
    """Who takes part, each once as what they are: columns of participants."""
    requester = {"kind": "REQUESTER", "email": caller.email, "name": caller.name, "user_id": caller.user_id}
    columns = form.columns
    contact = {"kind": "CONTACT", "email": columns["contact_email"].lower(), "name": columns["contact_name"]}
    copied = [{"kind": "CC", "email": email.lower()} for email in form.recipients]
    return [requester, contact, *copied]


def timeline(caller: Person, now: datetime, access: str) -> list[dict[str, Any]]:
    """What the ticket's timeline begins with: columns of events."""
    common = {"occurred_at": now, "visibility": "PUBLIC", "actor_name": caller.name, "actor_side": "CUSTOMER"}
    granted = ["TEMPORARY_ACCESS_GRANTED"] if access == "CREATE_ACCOUNT" else []
    return [common | {"kind": kind} for kind in ("CREATED", *granted)]


def addresses(form: Form) -> list[str]:
    """The addresses of those who may have an account."""
    return list(dict.fromkeys([form.columns["contact_email"].lower(), *map(str.lower, form.recipients)]))


def facts(ticket: dict[str, Any]) -> dict[str, Any]:
    """What mail and the vendor are told of a new ticket, its number apart."""
    due = ticket.get("response_due_at")
    return {
        "ticket_id": str(ticket["id"]),
        "summary": ticket["summary"],
        "status": ticket["status"],
        "severity": ticket["severity"],
        "severity_label": SEVERITIES[ticket["severity"]],
        "response_minutes": ticket.get("response_minutes"),
        "response_clock": ticket.get("response_clock"),
        "response_due_at": due.isoformat() if due else None,
    }


def mail_to(form: Form, own: str) -> list[str]:
    """Who gets mail: the contact and the recipients, but the one who asks only as the contact."""
    others = [email for email in addresses(form) if email != own]
    return [own, *others] if form.columns["contact_email"].lower() == own else others


def payload(number: str | None, refusal: RefusedError | None = None) -> dict[str, Any]:
    """The mutation's answer."""
    errors = [
        {"code": problem.code.value, "field": list(problem.field) or None, "message": problem.message}
        for problem in (refusal.problems if refusal else ())
    ]
    return {"ticket": {"number": number} if number else None, "userErrors": errors}
