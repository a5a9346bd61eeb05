"""Database addresses as everybody writes them, for the driver and for SQLAlchemy."""

from functools import partial
from typing import Any

import asyncpg

DRIVER = "postgresql+asyncpg://"


def driver_url(url: str) -> str:
    """`url` as asyncpg reads it; it may be a libpq URL or, with the driver's name in it, SQLAlchemy's."""
    scheme, _, rest = url.partition("://")
    return f"{scheme.partition('+')[0]}://{rest}"


def connect_arguments(url: str) -> dict[str, Any]:
    """`connect_args` of an engine made for `DRIVER`.

    The driver reads the URL, so that all of libpq's ways work: Unix sockets, several hosts, `sslmode`, server
    settings such as `role`. SQLAlchemy passes some of them on, not all.
    """
    return {"async_creator_fn": partial(asyncpg.connect, driver_url(url))}
