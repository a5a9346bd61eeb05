"""`bailiwick reset`."""

import shutil
from typing import Annotated

import typer


def reset(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete the embedded database.

    It is stopped, and the whole data folder goes: objects and the demo's secret key too."""
    from app.postgres import EmbeddedServer
    from app.postgres.programs import forget_copies
    from app.settings import settings

    folder = settings().data_folder
    if not yes:
        typer.confirm(f"Delete {folder} and all data in it?", abort=True)
    EmbeddedServer(folder / "postgres").destroy()
    forget_copies()
    shutil.rmtree(folder, ignore_errors=True)
