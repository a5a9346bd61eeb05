"""`bailiwick serve`."""

import os
from typing import Annotated

import typer


def serve(
    demo: Annotated[
        bool,
        typer.Option("--demo", help="Migrate, load demo data with well-known passwords, and serve that."),
    ] = False,
    host: Annotated[str | None, typer.Option(help="Address to listen on; otherwise HOST, or 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; otherwise PORT, or 8000.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes that answer; otherwise WORKERS, or 1.")] = None,
) -> None:
    """Answer requests until Ctrl-C.

    The database is DATABASE_URL, or an embedded PostgreSQL that is started and stopped with the server.
    """
    given = {"HOST": host, "PORT": port, "WORKERS": workers, "BAILIWICK_DEMO": "true" if demo else None}
    os.environ |= {name: str(value) for name, value in given.items() if value is not None}
    from app import server
    from app.settings import settings

    server.serve(settings())
