"""`bailiwick plan`."""

import asyncio
import os
from pathlib import Path
from typing import Annotated

import typer


def plan(
    file: Annotated[Path, typer.Argument(help="Document with the operation.", exists=True, dir_okay=False)],
    email: Annotated[str, typer.Option("--as", help="Address of the account that asks.")],
    operation: Annotated[str | None, typer.Option(help="Name of the operation, where there are several.")] = None,
    variables: Annotated[str, typer.Option(help="Values of the variables, as JSON.")] = "{}",
    run: Annotated[bool, typer.Option("--run", help="Run it, and tell time and rows of each statement.")] = False,
) -> None:
    """Print the statements of an operation as a tree: their SQL, keys, and what the role of the account sees.

    Mutations are never run: what reads their payloads is shown.
    """
    if not os.environ.get("DATABASE_URL"):
        os.environ.setdefault("BAILIWICK_DEMO", "true")  # the embedded database is the demo's
    from app.operation_text import read
    from app.planning import planned
    from app.provision import database
    from app.settings import settings

    source = read(file)
    with database(settings()) as addresses:
        asked = planned(settings(), addresses.application, email, source, operation, variables, run=run)
        print(asyncio.run(asked))
