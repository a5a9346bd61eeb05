"""`bailiwick documents`."""

from pathlib import Path
from typing import Annotated

import typer

cli = typer.Typer(help="The documents that clients have registered.", no_args_is_help=True)


@cli.callback()
def _group() -> None:
    """Keep `check` a command of its own though it is the only one."""


@cli.command()
def check(file: Annotated[Path, typer.Argument(help="Manifest of a client's documents.")]) -> None:
    """Fail where a document does not fit the schema, or its identifier is no hash of it.

    The manifest is what `generate-persisted-query-manifest`, `graphql-codegen` or `relay-compiler` writes;
    BAILIWICK_TRUSTED_DOCUMENTS names the one that is served."""
    from app.documents import check as checked
    from app.settings import settings

    count = checked(file, settings())
    print(f"{count} document{'' if count == 1 else 's'} of {file}: all fit the schema")
