"""Inviting support (A1-A32)."""

from typing import Annotated, Any

import strawberry

from authz.errors import NotFoundError
from authz.gate import Gate
from authz.permissions import Permission
from domain.errors import ErrorCode, Problem
from domain.support.contact import phone_country_codes
from domain.tickets import subject
from domain.tickets.invite import Invitation, invite
from domain.tickets.opening import Issue
from domain.tickets.states import SEVERITIES
from domain.tickets.subject import Subject
from domain.tickets.temporary_accounts import LIFETIME
from execution.ids import decode_as
from resolvers.arguments import INPUT
from resolvers.context import Info
from resolvers.enums.tickets import SupportIssueType, TemporaryAccessChoice
from resolvers.errors import RefusedQueryError
from resolvers.inputs import any_key
from resolvers.mutations import Changed, MutationInput, mutate
from resolvers.support_inputs import ContactInput, PhoneInput, contact_of, files_of


@strawberry.input(description="Input of `supportInviteNewIssue`: the form as it was filled in.")
class SupportInviteNewIssueInput(MutationInput):
    """A5-A23."""

    tenant_id: strawberry.ID = strawberry.field(
        description="The tenant that it is about: your own, or a customer that you manage."
    )
    summary: str = strawberry.field(description="A brief description, up to 255 characters on one line (A5).")
    service_id: strawberry.ID = strawberry.field(description="One of `supportInviteForm.services` (A6).")
    issue_type: SupportIssueType = strawberry.field(description="What support is invited for (A7).")
    severity: int = strawberry.field(description="1 (Trivial) to 5 (Critical) (A8).")
    details: str = strawberry.field(
        description="How often, the steps before the error, the help that is needed: up to 20,000 characters (A9)."
    )
    job_ids: list[str] | None = strawberry.field(
        default=None, description="Ids of jobs that failed, up to 50 of up to 100 characters each."
    )
    attachment_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Up to 10 files that you have uploaded (A11)."
    )
    privacy_agreement_version: str | None = strawberry.field(
        default=None,
        description="The version that you accept: the current one; needed with files (A12).",
    )
    contact: ContactInput = strawberry.field(description="Whom to answer (A13, A14).")
    additional_recipients: list[str] | None = strawberry.field(
        default=None,
        description="Who else is to know, up to 50 e-mail addresses; several in one text are separated by commas "
        "or semicolons (A15).",
    )
    phone: PhoneInput | None = strawberry.field(default=None, description="A telephone number (A16).")
    temporary_access: TemporaryAccessChoice | None = strawberry.field(
        default=None,
        description="Whether the vendor may look into the environment. Not given, it is CREATE_ACCOUNT where the form "
        "asks for it, else NOTIFY_ONLY (A17-A23).",
    )

    def invitation(self) -> Invitation:
        """As the domain has it."""
        issue = Issue(
            summary=self.summary,
            service_id=any_key("service", self.service_id),
            details=self.details,
            severity=self.severity,
            contact=contact_of(self.contact, self.phone, self.additional_recipients),
            issue_type=self.issue_type,
            job_ids=tuple(self.job_ids or ()),
            files=files_of(self.attachment_ids, self.privacy_agreement_version),
        )
        return Invitation(any_key("tenant", self.tenant_id), issue, self.temporary_access)


async def support_invite_new_issue(info: Info, input: Annotated[SupportInviteNewIssueInput, INPUT]) -> Any:
    """Invite support for a new issue."""

    async def command(gate: Gate) -> Changed:
        return {"ticket_id": await invite(gate, input.invitation())}

    return await mutate(info, input, command)


async def support_invite_form(
    info: Info,
    tenant_id: Annotated[strawberry.ID, strawberry.argument(description="The tenant for which support is invited.")],
) -> Any:
    """What the form of an invitation is to show (A3)."""
    context = info.context
    key = decode_as("tenant", tenant_id)
    row = await context.row(subject.subject_of_form(context.gate, key))
    if row is None:
        raise NotFoundError
    about = Subject(**row)
    reason = subject.reason_against(context.actor, about, Permission.SUPPORT_INVITE)
    if reason is not None:
        raise RefusedQueryError(reason)
    agreement = await context.row(subject.privacy_agreement(context.gate))
    if agreement is None:
        raise RefusedQueryError(Problem(ErrorCode.NOT_FOUND, "No privacy agreement is published yet."))
    return _form(info, about) | {"privacy_agreement": agreement}


def _form(info: Info, about: Subject) -> dict[str, Any]:
    actor = info.context.actor
    offered = subject.access_offered(actor, about)
    lifetime = {"default": TemporaryAccessChoice.CREATE_ACCOUNT, "account_lifetime_days": LIFETIME.days}
    return {
        "tenant_id": about.id,
        "ticket_types": subject.ticket_types(about),
        "issue_types": list(SupportIssueType),
        "severities": [{"level": level, "label": label} for level, label in SEVERITIES.items()],
        "phone_country_codes": phone_country_codes(),
        "temporary_access": lifetime if offered else None,
        "contact_defaults": {"name": actor.name, "email": actor.email},
    }
