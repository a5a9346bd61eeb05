"""`bailiwick worker`."""

from typing import Annotated

import typer


def worker(
    beside: Annotated[
        bool, typer.Option("--beside", hidden=True, help="End with whoever holds the other end of the standard input.")
    ] = False,
) -> None:
    """Run jobs until Ctrl-C: mail, and what time makes due.

    As many as you like may run on one database. DATABASE_URL is that of the role `bailiwick_worker`."""
    import asyncio
    import logging

    from app.http.logs import configure_logs
    from app.provision import database
    from app.secret import secret_key
    from app.settings import settings
    from app.startup_checks import check_revision
    from app.worker.run import follow_input, work

    configuration = settings()
    configure_logs(logging.getLevelNamesMapping()[configuration.log_level.upper()])
    if beside:
        follow_input()
    with database(configuration) as addresses:
        asyncio.run(check_revision(addresses.worker))
        work(configuration, addresses.worker, secret_key(configuration))
