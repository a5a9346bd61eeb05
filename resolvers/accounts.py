"""Getting an account and a password, for those who have not signed in (C2-C6, C15)."""

from dataclasses import replace
from functools import partial
from typing import Annotated, Any

import strawberry

from authz.gate import Gate
from domain.tenants import password_setting, signing_up
from domain.tenants.account_tokens import hash_of
from domain.tenants.signing_up import SignUp
from resolvers.arguments import INPUT
from resolvers.context import Info
from resolvers.mutations import Changed, MutationInput, mutate


@strawberry.input(description="Who wants an account (C4).")
class AccountSignUpInput(MutationInput):
    """Input of `accountSignUp`."""

    first_name: str = strawberry.field(description="Your first name.")
    last_name: str = strawberry.field(description="Your last name.")
    email: str = strawberry.field(description="Your e-mail address, to which the link for your password goes.")
    language: str | None = strawberry.field(
        default=None,
        description="The language of your mail, as a tag such as `en` or `de`; English where there is none.",
    )


@strawberry.input(description="Whose password is forgotten.")
class AccountPasswordResetRequestInput(MutationInput):
    """Input of `accountPasswordResetRequest`."""

    email: str = strawberry.field(description="The e-mail address of the account.")


@strawberry.input(description="A new password, and the link that allows to set it.")
class AccountPasswordSetInput(MutationInput):
    """Input of `accountPasswordSet`."""

    token: str = strawberry.field(description="What the link in the mail has after `token=`; it is good for one use.")
    password: str = strawberry.field(description="12-1,024 characters, at least 5 of them different.")


async def account_sign_up(info: Info, input: Annotated[AccountSignUpInput, INPUT]) -> Any:
    """Sign up."""
    by = await info.context.visiting(_address(input.email))

    async def command(gate: Gate) -> Changed:
        given = SignUp(input.first_name, input.last_name, input.email, input.language)
        await signing_up.sign_up(gate, given)
        return {}

    return await mutate(info, input, command, by=by)


async def account_password_reset_request(info: Info, input: Annotated[AccountPasswordResetRequestInput, INPUT]) -> Any:
    """Ask for a link to choose another password."""
    by = await info.context.visiting(_address(input.email))

    async def command(gate: Gate) -> Changed:
        await signing_up.request_reset(gate, input.email)
        return {}

    return await mutate(info, input, command, by=by)


async def account_password_set(info: Info, input: Annotated[AccountPasswordSetInput, INPUT]) -> Any:
    """Set a password; it is hashed between two transactions, since that takes longer than both."""
    visitors = info.context.facilities.visitors
    by = await info.context.visiting(hash_of(input.token))
    problems = await by.run(partial(password_setting.check, token=input.token, password=input.password))
    password_hash = "" if problems else await visitors.passwords.hash(input.password)

    async def command(gate: Gate) -> Changed:
        problems.refuse_if_any()
        await password_setting.set_password(gate, input.token, password_hash)
        return {}

    return await mutate(info, replace(input, password=visitors.sealed(input.password)), command, by=by)


def _address(email: str) -> str:
    return email.strip().lower()
