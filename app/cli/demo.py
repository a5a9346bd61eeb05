"""`bailiwick demo`."""

import asyncio
import os
from typing import Annotated

import typer


def demo(
    partners: Annotated[
        int | None, typer.Option(min=1, help="Further partners to make, besides those that have names.")
    ] = None,
    customers: Annotated[int | None, typer.Option(min=1, help="Customers of each of them.")] = None,
) -> None:
    """Load demo data, or much more of it.

    Without options, what `make serve` shows, once: always the same organisations, people and tickets.
    Well-known passwords: never in a database for real use.
    """
    os.environ.setdefault("BAILIWICK_DEMO", "true")
    from app.demo.loading import load
    from app.provision import database, owner_address
    from app.settings import settings
    from tenancy import migrate

    with database(settings()) as addresses:
        asyncio.run(migrate.upgraded(owner_address(addresses)))
        loaded = asyncio.run(load(addresses, partners=partners, customers=customers))
    print(f"{loaded.rows} rows in {loaded.seconds:.1f} s, {loaded.rows_per_second} a second")
