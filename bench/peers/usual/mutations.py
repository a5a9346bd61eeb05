"""What can be done: inviting support, by people of the tenant itself."""

from enum import StrEnum
from typing import Any

import strawberry
from strawberry.utils.str_converters import to_camel_case

from bench.peers.usual.context import Info
from bench.peers.usual.invite import Inviting
from bench.peers.usual.types import Ticket
from domain.errors import RefusedError
from domain.tickets.states import SupportIssueType


@strawberry.enum
class TemporaryAccessChoice(StrEnum):
    """Whether the vendor may look into the environment."""

    CREATE_ACCOUNT = "CREATE_ACCOUNT"
    NOTIFY_ONLY = "NOTIFY_ONLY"


@strawberry.input
class ContactInput:
    """Whom to answer."""

    name: str
    email: str


@strawberry.input
class PhoneInput:
    """A telephone number."""

    country_code: str
    number: str


@strawberry.input
class SupportInviteNewIssueInput:
    """The form."""

    idempotency_key: str
    tenant_id: strawberry.ID
    service_id: strawberry.ID
    summary: str
    issue_type: strawberry.enum(SupportIssueType)  # type: ignore[valid-type]  # an enum of Strawberry's
    severity: int
    details: str
    contact: ContactInput
    job_ids: list[str] | None = None
    additional_recipients: list[str] | None = None
    phone: PhoneInput | None = None
    temporary_access: TemporaryAccessChoice | None = None


@strawberry.type
class UserError:
    """Why nothing was done."""

    code: str
    message: str
    field: list[str] | None


@strawberry.type
class SupportInviteNewIssuePayload:
    """The ticket, or why there is none."""

    ticket: Ticket | None
    user_errors: list[UserError]


@strawberry.type
class Mutation:
    """The root."""

    @strawberry.mutation
    async def support_invite_new_issue(
        self,
        info: Info,
        input: SupportInviteNewIssueInput,  # noqa: A002 - the argument's name
    ) -> SupportInviteNewIssuePayload:
        """Invite support for a new issue."""
        context = info.context
        try:
            row = await Inviting(context.session, context.actor, _given(input)).invite()
        except RefusedError as refusal:
            await context.session.rollback()
            errors = [
                UserError(code=each.code, message=each.message, field=list(each.field) or None)
                for each in refusal.problems
            ]
            return SupportInviteNewIssuePayload(ticket=None, user_errors=errors)
        return SupportInviteNewIssuePayload(ticket=Ticket.of(row), user_errors=[])


def _given(form: Any) -> dict[str, Any]:
    values = strawberry.asdict(form)
    return {to_camel_case(name): value for name, value in values.items() if value is not None}
