"""Edit customer information (B27-B31): what the partner keeps about a customer. The mode is not among it (B19)."""

from collections.abc import Sequence
from typing import Any, TypedDict
from uuid import UUID

from authz.gate import requires
from authz.grant import Grant
from authz.permissions import Permission
from domain.customers.model import CustomerProfile, ManagementRelationship
from domain.customers.reach import acts_at, customer_for
from domain.errors import ErrorCode, Problems, refuse
from domain.records.commands import audit
from domain.support.contact import check_recipients
from domain.support.text import check_text

LONGEST_NAME = 200
LONGEST_NOTES = 4000
LONGEST_TAG = 50
MOST_TAGS = 20


class ReportChanges(TypedDict):
    """Whether reports are sent, and to whom; recipients are as people type them (A15)."""

    enabled: bool
    recipients: Sequence[str]


class CustomerChanges(TypedDict, total=False):
    """What is to change; what is not given stays. A null name or null notes are removed."""

    display_name: str | None
    notes: str | None
    tags: Sequence[str]
    billing_reports: ReportChanges
    service_reports: ReportChanges


@requires(Permission.CUSTOMER_UPDATE)
async def update(grant: Grant, customer_id: UUID, changes: CustomerChanges, expected_version: int) -> None:
    """Save a form: all of it, or, with every error at once, nothing. CONFLICT where it was made of an older version."""
    customer = await customer_for(grant, customer_id)
    if customer.version != expected_version:
        message = "Somebody else changed this customer in the meantime: read it again."
        refuse(ErrorCode.CONFLICT, message, "expectedVersion", current_version=customer.version)
    values = _checked(grant, customer, changes)
    profile: CustomerProfile = await grant.first(
        grant.select(CustomerProfile).where(CustomerProfile.relationship_id == customer.id)
    )
    before = {name: getattr(profile, name) for name in values}
    changed = {name: value for name, value in values.items() if value != before[name]}
    if not changed:
        return
    for name, value in changed.items():
        setattr(profile, name, value)
    customer.updated_at = grant.now  # counts the version up, which lies with the relationship
    previous = {name: before[name] for name in changed}
    audit(grant, "customer.update", "customer", customer.id, before=previous, after=changed)


def _checked(grant: Grant, customer: ManagementRelationship, changes: CustomerChanges) -> dict[str, Any]:
    """The columns' values; refuses with everything that is wrong."""
    problems = Problems()
    values: dict[str, Any] = {}
    if "display_name" in changes:
        name = check_text(changes["display_name"], problems, "displayName", most=LONGEST_NAME)
        values["display_name"] = name or None
    if "notes" in changes:
        values["notes"] = check_text(changes["notes"], problems, "notes", most=LONGEST_NOTES, lines=True) or None
    if "tags" in changes:
        if Permission.CUSTOMER_TAG not in acts_at(grant.powers, customer.status, customer.mode):
            problems.add(ErrorCode.FORBIDDEN, "Your role does not allow you to change tags.", "tags")
        values["tags"] = _tags(changes["tags"], problems)
    if "billing_reports" in changes:
        values |= _reports("billing", changes["billing_reports"], problems)
    if "service_reports" in changes:
        if not customer.managed:
            problems.add(ErrorCode.ACCESS_DISABLED, "You have no access to this customer's tenant.", "serviceReports")
        values |= _reports("service", changes["service_reports"], problems)
    problems.refuse_if_any()
    return values


def _tags(given: Sequence[str], problems: Problems) -> list[str]:
    """Distinct tags in their order; those that differ in case only are one."""
    if problems.too_many(given, MOST_TAGS, "tags", "tags"):
        return []
    tags: dict[str, str] = {}
    for index, tag in enumerate(given):
        text = check_text(tag, problems, "tags", str(index), most=LONGEST_TAG, required=True)
        tags.setdefault(text.casefold(), text)
    return list(tags.values())


def _reports(kind: str, given: ReportChanges, problems: Problems) -> dict[str, Any]:
    """Reports that are sent are sent to somebody (B29, B31)."""
    path = f"{kind}Reports"
    recipients = check_recipients(given["recipients"], problems, path, "recipients")
    if given["enabled"] and not recipients:
        problems.add(ErrorCode.REQUIRED, "Reports need at least one recipient.", path, "recipients")
    return {f"{kind}_reports_enabled": given["enabled"], f"{kind}_recipients": recipients}
