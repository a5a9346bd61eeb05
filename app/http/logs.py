"""Structured logs: one JSON object a line, on standard error."""

import logging
import sys
from datetime import UTC, datetime

import orjson
import structlog
from structlog.typing import EventDict


def configure_logs(level: int = logging.INFO) -> None:
    """Send what is logged from `level` on to standard error; tracebacks are text, without local variables."""
    structlog.configure(
        processors=[_line],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.BytesLoggerFactory(file=sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )


def _line(logger: object, level: str, event: EventDict) -> bytes:
    """The line of an event: one function, as each processor would be fetched into the caches for every request."""
    if "request_id" not in event:
        event = structlog.contextvars.merge_contextvars(logger, level, event)
    if "exc_info" in event:
        event = structlog.processors.format_exc_info(logger, level, event)
    event["level"] = level
    event["timestamp"] = datetime.now(UTC)
    return orjson.dumps(event, default=str, option=orjson.OPT_UTC_Z)
