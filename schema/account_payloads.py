"""What the mutations of accounts answer with: nothing that tells whether there is an account."""

import strawberry

from schema.errors import MutationPayload


@strawberry.type(
    description="What `accountSignUp` answers with: the same whether the address is known or not. A mail is on its way."
)
class AccountSignUpPayload(MutationPayload):
    """Rows of the command."""


@strawberry.type(
    description="What `accountPasswordResetRequest` answers with: the same whether the address is known or not."
)
class AccountPasswordResetRequestPayload(MutationPayload):
    """Rows of the command."""


@strawberry.type(description="What `accountPasswordSet` answers with; sign in with the new password then.")
class AccountPasswordSetPayload(MutationPayload):
    """Rows of the command."""
