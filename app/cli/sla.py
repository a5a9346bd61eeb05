"""`bailiwick sla`."""

import asyncio
from typing import Annotated

import typer

cli = typer.Typer(help="Service levels.", no_args_is_help=True)


@cli.callback()
def _group() -> None:
    """Keep `recompute` a command of its own though it is the only one."""


@cli.command()
def recompute(
    region: Annotated[str | None, typer.Option(help="Key of a region, for its tickets alone.")] = None,
) -> None:
    """Promise for open tickets what policies and calendars say now; an answer that was given stays as it was due."""
    from app.clock import utc_now
    from app.provision import database
    from app.settings import settings
    from app.sla import recompute as recomputed

    with database(settings()) as addresses:
        changed = asyncio.run(recomputed(addresses.application, region, utc_now()))
    print(f"{changed} ticket{'' if changed == 1 else 's'} due at another time")
