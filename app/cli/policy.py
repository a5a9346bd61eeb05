"""`bailiwick policy`."""

import asyncio
from typing import Annotated

import typer

cli = typer.Typer(help="See who may do what, and why.", no_args_is_help=True)


@cli.callback()
def _group() -> None:
    """Keep `explain` a command of its own though it is the only one."""


@cli.command()
def explain(email: Annotated[str, typer.Argument(help="Address of the account.")]) -> None:
    """Print each membership of an account, its role, and the permissions that come of it."""
    from app.policy import explain as explained
    from app.provision import database
    from app.settings import settings

    with database(settings()) as addresses:
        print(asyncio.run(explained(addresses.application, email)))
