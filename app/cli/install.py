"""`bailiwick install`."""

import asyncio
import sys
from typing import Annotated

import typer


def install(
    name: Annotated[str, typer.Option(help="What your company is called, as its customers see it.")],
    email: Annotated[str, typer.Option(help="Address with which the first operator signs in.")],
    first_name: Annotated[str, typer.Option(help="The operator's first name.")] = "Platform",
    last_name: Annotated[str, typer.Option(help="The operator's last name.")] = "Operator",
) -> None:
    """Make the platform's own tenant and its first operator, once, after `bailiwick migrate up`.

    The password, of 12 characters or more, is asked for twice. Where there is no terminal it is the first line of the
    standard input: `bailiwick install --name … --email … < password-file`.
    """
    from app import install as installing
    from app.provision import database
    from app.settings import settings

    founding = installing.Founding.checked(name, email, first_name, last_name)
    with database(settings()) as addresses:
        asyncio.run(installing.check_vacant(addresses.application))
        asyncio.run(installing.install(addresses.application, founding, _password(founding.email)))
    print(f"{founding.name} is installed: sign in as {founding.email}.")


def _password(email: str) -> str:
    from app.errors import SetupError

    try:
        if sys.stdin.isatty():
            asked: str = typer.prompt(f"Password of {email}", hide_input=True, confirmation_prompt="Once more")
            return asked
        return sys.stdin.readline().rstrip("\r\n")
    except UnicodeError:
        raise SetupError("the password is not text in the terminal's encoding") from None
