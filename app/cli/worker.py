"""`bailiwick worker`."""

from typing import Annotated

import typer


def worker(
    beside: Annotated[
        bool, typer.Option("--beside", hidden=True, help="End with whoever holds the other end of the standard input.")
    ] = False,
) -> None:
    """Run jobs until Ctrl-C: mail, and what time makes due.

    As many as you like may run on one database. DATABASE_URL is that of the role `bailiwick_worker`. While the database
    cannot be reached, the worker waits for it."""
    import asyncio
    import logging
    from contextlib import ExitStack

    from app.http.logs import configure_logs
    from app.provision import database
    from app.secret import secret_key
    from app.settings import settings
    from app.startup_checks import check_revision
    from app.worker.run import follow_input, work
    from app.worker.waiting import when_reachable

    configuration = settings()
    configure_logs(logging.getLevelNamesMapping()[configuration.log_level.upper()])
    if beside:
        follow_input()
    with ExitStack() as held:
        addresses = when_reachable(lambda: held.enter_context(database(configuration)))
        when_reachable(lambda: asyncio.run(check_revision(addresses.worker)))
        work(configuration, addresses.worker, secret_key(configuration))
