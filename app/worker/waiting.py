"""Waiting for a database that is not up yet, or recovers: whoever starts both at once need not think of their order."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

import structlog

from app.provision import UNREACHABLE, UnreachableError

T = TypeVar("T")
FIRST: Final = 0.5
LONGEST: Final = 15.0

log = structlog.get_logger()


def when_reachable(attempt: Callable[[], T]) -> T:
    """What `attempt` comes to once the database answers, however long that takes; other errors pass through."""
    seconds = FIRST
    while True:
        try:
            return attempt()
        except (UnreachableError, *UNREACHABLE) as error:
            log.warning("the worker waits for its database", error=str(error), again_in=seconds)
        time.sleep(seconds)
        seconds = min(seconds * 2, LONGEST)
