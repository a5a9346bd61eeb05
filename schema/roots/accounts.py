"""Root fields for those who have not signed in."""

import strawberry

from resolvers import accounts
from schema.account_payloads import (
    AccountPasswordResetRequestPayload,
    AccountPasswordSetPayload,
    AccountSignUpPayload,
)


@strawberry.type
class AccountMutations:
    """What can be done without signing in."""

    account_sign_up: AccountSignUpPayload = strawberry.field(
        resolver=accounts.account_sign_up,
        description="Sign up, without being signed in: a mail with a link to create a password is sent (C2-C5). "
        "Who was named in a ticket before has an account already, and gets the link to it.",
    )
    account_password_reset_request: AccountPasswordResetRequestPayload = strawberry.field(
        resolver=accounts.account_password_reset_request,
        description="“Forgot password?”, without being signed in: if there is an account with this address, a mail "
        "with a link to choose another password is sent (C15).",
    )
    account_password_set: AccountPasswordSetPayload = strawberry.field(
        resolver=accounts.account_password_set,
        description="Set your password by the link of a mail, without being signed in (C5, C15). It proves your "
        "address, and ends all your sessions.",
    )
