"""`bailiwick token`."""

import asyncio
from typing import Annotated

import typer


def token(email: Annotated[str, typer.Argument(help="Address of the account.")]) -> None:
    """Print an access token of an account.

    Use it as the header `Authorization: Bearer TOKEN`. It expires like any other.
    """
    from app import tokens
    from app.provision import database
    from app.settings import settings

    with database(settings()) as addresses:
        print(asyncio.run(tokens.access_token(settings(), addresses.application, email)))
