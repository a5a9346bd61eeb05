"""Inviting support for an existing issue (A24-A28)."""

from typing import Annotated, Any

import strawberry

from authz.gate import Gate
from domain.tickets.invite_existing import CaseInvitation, invite_existing
from resolvers.arguments import INPUT
from resolvers.context import Info
from resolvers.enums.tickets import TemporaryAccessChoice
from resolvers.inputs import any_key
from resolvers.mutations import Changed, MutationInput, mutate
from resolvers.support_inputs import ContactInput, PhoneInput, contact_of, files_of


@strawberry.input(description="Input of `supportInviteExistingIssue`: the form as it was filled in.")
class SupportInviteExistingIssueInput(MutationInput):
    """A25-A28: no summary, issue type, severity or owner."""

    tenant_id: strawberry.ID = strawberry.field(
        description="The tenant that it is about: your own, or a customer that you manage."
    )
    case_number: str = strawberry.field(description="The number of the existing issue (A25).")
    service_id: strawberry.ID = strawberry.field(description="The service of that issue (A27).")
    details: str = strawberry.field(
        description="What is new, job ids included: up to 20,000 characters. It becomes a reply."
    )
    attachment_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Up to 10 files that you have uploaded."
    )
    privacy_agreement_version: str | None = strawberry.field(
        default=None, description="The version that you accept: the current one; needed with files."
    )
    contact: ContactInput = strawberry.field(description="Whom to answer from now on.")
    additional_recipients: list[str] | None = strawberry.field(
        default=None,
        description="Who else is to know, up to 50 e-mail addresses; several in one text are separated by commas "
        "or semicolons. They are copied in.",
    )
    phone: PhoneInput | None = strawberry.field(default=None, description="A telephone number.")
    temporary_access: TemporaryAccessChoice | None = strawberry.field(
        default=None,
        description="Whether the vendor may look into the environment, for 15 days from now. Not given, it is "
        "CREATE_ACCOUNT where the form asks for it, else NOTIFY_ONLY (A28).",
    )

    def invitation(self) -> CaseInvitation:
        """As the domain has it."""
        return CaseInvitation(
            any_key("tenant", self.tenant_id),
            self.case_number,
            any_key("service", self.service_id),
            self.details,
            contact_of(self.contact, self.phone, self.additional_recipients),
            files_of(self.attachment_ids, self.privacy_agreement_version),
            self.temporary_access,
        )


async def support_invite_existing_issue(info: Info, input: Annotated[SupportInviteExistingIssueInput, INPUT]) -> Any:
    """Invite support for an existing issue."""

    async def command(gate: Gate) -> Changed:
        return {"ticket_id": await invite_existing(gate, input.invitation())}

    return await mutate(info, input, command)
