"""The documents of accounts, the links in their mail, and signing in with what they lead to."""

import re
from email.message import EmailMessage
from typing import Any

import httpx
from sqlalchemy import select

from domain.tenants.model import User
from tests.mail.conftest import Post
from tests.schema.asking import ERRORS
from tests.support.app import Answer, Client, Running

PASSWORD = "seven green bottles"
ROBIN = {"firstName": "Robin", "lastName": "Vale", "email": "robin.vale@heath.example"}
SIGN_UP = f"""mutation SignUp($input: AccountSignUpInput!) {{
  accountSignUp(input: $input) {{ clientMutationId {ERRORS} }}
}}"""
RESET = f"""mutation Reset($input: AccountPasswordResetRequestInput!) {{
  accountPasswordResetRequest(input: $input) {{ clientMutationId {ERRORS} }}
}}"""
SET = f"""mutation Set($input: AccountPasswordSetInput!) {{
  accountPasswordSet(input: $input) {{ clientMutationId {ERRORS} }}
}}"""


async def errors(asked: Answer) -> list[tuple[str, list[str] | None]]:
    """The codes and fields of a refusal."""
    [payload] = asked.data.values()
    return [(error["code"], error["field"]) for error in payload["userErrors"]]


async def sign_up(client: Running, **given: Any) -> list[Any]:
    """Sign up, as nobody; what was refused."""
    return await errors(await client.nobody.query(SIGN_UP, input=ROBIN | given))


async def ask_reset(client: Running, email: str, **given: Any) -> list[Any]:
    """Forget the password, as nobody; what was refused."""
    return await errors(await client.nobody.query(RESET, input={"email": email, **given}))


async def set_password(client: Running, token: str, password: str = PASSWORD, **given: Any) -> list[Any]:
    """Use a link, as nobody; what was refused."""
    return await errors(await client.nobody.query(SET, input={"token": token, "password": password, **given}))


def token_in(mail: EmailMessage) -> str:
    """The token of the link in a mail, which is the same in both of its bodies."""
    bodies = [mail.get_body((kind,)) for kind in ("plain", "html")]
    found = [re.findall(r"/account/password\?token=([\w-]+)", str(body and body.get_content())) for body in bodies]
    [token] = {str(each) for tokens in found for each in tokens}
    return token


async def mailed(post: Post, address: str) -> EmailMessage:
    """The newest mail to an address, after all that waits has left."""
    await post.deliver()
    return [mail for mail in post.box.mails if mail["To"] == address][-1]


async def signed_up(post: Post, **given: Any) -> str:
    """Sign up; the token that comes by mail."""
    assert await sign_up(post.client, **given) == []
    return token_in(await mailed(post, (ROBIN | given)["email"]))


async def reset(post: Post, email: str) -> str:
    """Forget the password; the token that comes by mail."""
    assert await ask_reset(post.client, email) == []
    return token_in(await mailed(post, email))


async def sign_in(client: Running, email: str = ROBIN["email"], password: str = PASSWORD) -> httpx.Response:
    """What the token endpoint says."""
    form = {"grant_type": "password", "username": email, "password": password}
    return await client.http.post("/auth/token", data=form)


async def member(post: Post, email: str) -> Client:
    """Sign up, set a password by the mailed link, and sign in: the whole way of somebody new."""
    assert await set_password(post.client, await signed_up(post, email=email)) == []
    return post.client.with_token((await sign_in(post.client, email)).json()["access_token"])


async def account(client: Running, email: str) -> User:
    """An account as it is stored."""
    async with client.session() as session:
        return (await session.execute(select(User).where(User.email == email))).scalar_one()
