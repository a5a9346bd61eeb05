"""Database addresses as everybody writes them, for the driver and for SQLAlchemy."""

from functools import partial
from typing import Any

import asyncpg

DRIVER = "postgresql+asyncpg://"


def driver_url(url: str) -> str:
    """`url` in the form that asyncpg itself reads: any libpq URL, or SQLAlchemy's with the driver's name in it."""
    scheme, _, rest = url.partition("://")
    return f"{scheme.partition('+')[0]}://{rest}"


def connect_arguments(url: str) -> dict[str, Any]:
    """`connect_args` of an engine made for `DRIVER`.

    The driver reads the URL, so that all of libpq's ways work: Unix sockets, several hosts, `sslmode`, and server
    settings such as `role`, not all of which SQLAlchemy passes on.
    """
    return {"async_creator_fn": partial(asyncpg.connect, driver_url(url))}
