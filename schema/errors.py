"""Why a mutation refused (spec 0.2): simple clients switch on `code`, rich ones ask for the concrete type."""

from typing import Any

import strawberry

from resolvers.enums.errors import ErrorCode
from schema.fields import plain
from schema.relay import Rows


@strawberry.interface(description="Why a mutation refused; nothing of what it was asked for has happened.")
class UserError(Rows):
    """What all errors have in common."""

    message: str = plain("For people, in English.")
    field: list[str] | None = plain("The path of the input field that is at fault; null when it is none in particular.")
    code: ErrorCode = plain("For programs.")


@strawberry.type(description="An input field is missing, too long, out of range or malformed.")
class ValidationError(UserError):
    """Needs no data beyond the field."""


@strawberry.type(description="The object is not there for you, or your role does not allow this.")
class AccessError(UserError):
    """Needs no data beyond the code."""


@strawberry.type(description="More was asked for than is allowed at once.")
class LimitExceededError(UserError):
    """Carries both numbers."""

    limit: int | None = plain("What is allowed.")
    actual: int | None = plain("What was asked for.")


@strawberry.type(description="The object cannot go from its state to the one asked for.")
class TransitionError(UserError):
    """Carries both states."""

    from_: str | None = strawberry.field(name="from", description="The state in which the object is.")
    to: str | None = plain("The state that was asked for.")
    allowed: list[str] | None = plain("The states that it can go to.")


@strawberry.type(description="The ticket takes no more replies.")
class TicketClosedError(UserError):
    """Says how to go on (AMB-31)."""

    follow_up_allowed: bool | None = plain("Whether a new ticket may be raised about the same.")


@strawberry.type(description="The option is not offered here.")
class OptionUnavailableError(UserError):
    """Says which option, never who took it away."""

    option: str | None = plain("The option, as in the form.")


@strawberry.type(description="The support contract cannot pay for this.")
class EntitlementError(UserError):
    """Carries the contracts that could."""

    eligible: list[strawberry.ID] | None = plain("Ids of your contracts that could.")


@strawberry.type(description="Somebody else changed the object in the meantime.")
class ConflictError(UserError):
    """Carries the version to start again from."""

    current_version: int | None = plain("The version that the object has now.")


ERRORS: tuple[Any, ...] = (
    ValidationError,
    AccessError,
    LimitExceededError,
    TransitionError,
    TicketClosedError,
    OptionUnavailableError,
    EntitlementError,
    ConflictError,
)


@strawberry.interface(description="What every mutation answers with.")
class MutationPayload(Rows):
    """Base of all payloads; printed as fields of each."""

    user_errors: list[UserError] = plain("Why nothing happened; empty when it did.")
    client_mutation_id: str | None = plain("The input's.")
