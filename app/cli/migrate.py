"""`bailiwick migrate`."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from app.provision import Addresses

cli = typer.Typer(
    help="Bring the tables up to this version, or back.",
    no_args_is_help=True,
)


@cli.command()
def up(
    revision: Annotated[str, typer.Argument(help="Where to stop; by default the newest revision.")] = "head",
) -> None:
    """Apply the missing migrations, and publish what every installation begins with.

    They run as the role of BAILIWICK_OWNER_DATABASE_URL, or on the embedded database. At the newest revision, regions
    with their hours, targets, channels, agreements and services are inserted where they are missing; what you changed
    of them stays."""
    from app.install import publish
    from app.provision import owner_address
    from app.startup_checks import check_roles
    from tenancy import migrate

    with _addresses() as addresses:
        url = owner_address(addresses)
        asyncio.run(check_roles(url))
        migrate.upgrade(url, revision)
        if asyncio.run(migrate.current(url)) == migrate.head():
            asyncio.run(publish(addresses.application))
        _say(url)


@cli.command()
def down(
    revision: Annotated[str, typer.Argument(help="Where to stop: a revision, or `base` for an empty database.")],
) -> None:
    """Undo migrations. What the undone tables and columns held is lost."""
    from tenancy.migrate import downgrade

    with _owner() as url:
        downgrade(url, revision)
        _say(url)


@cli.command()
def current() -> None:
    """Print the revision of the database, and the newest one."""
    with _owner() as url:
        _say(url)


@contextmanager
def _owner() -> Iterator[str]:
    from app.provision import owner_address

    with _addresses() as addresses:
        yield owner_address(addresses)


@contextmanager
def _addresses() -> Iterator["Addresses"]:
    from app.provision import database
    from app.settings import settings

    with database(settings()) as addresses:
        yield addresses


def _say(url: str) -> None:
    from tenancy import migrate

    print(f"revision {asyncio.run(migrate.current(url)) or 'none'}, newest {migrate.head() or 'none'}")
