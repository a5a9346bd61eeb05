"""`bailiwick token`."""

import asyncio
import os
from typing import Annotated

import typer


def token(email: Annotated[str, typer.Argument(help="Address of the account.")]) -> None:
    """Print an access token of an account.

    Use it as the header `Authorization: Bearer TOKEN`. It expires like any other.
    """
    if not os.environ.get("DATABASE_URL"):
        os.environ.setdefault("BAILIWICK_DEMO", "true")  # the embedded database is the demo's
    from app.provision import database
    from app.settings import settings
    from app.tokens import access_token

    with database(settings()) as addresses:
        print(asyncio.run(access_token(settings(), addresses.application, email)))
