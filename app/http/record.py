"""What one request is known by: its id, and what the log and the metrics tell of it."""

import os
import re
from dataclasses import dataclass
from typing import Final

from starlette.types import Scope

from app.http.headers import header

KEY: Final = "bailiwick.record"
WELL_FORMED: Final = re.compile(r"[A-Za-z0-9._-]{8,64}")


@dataclass(slots=True)
class RequestRecord:
    """Filled in as the request goes; never holds variables, text of documents or tokens."""

    request_id: str
    kind: str = "none"
    operation_name: str | None = None
    cost: int | None = None
    status: int = 0
    bytes_sent: int = 0
    client_left: bool = False

    @classmethod
    def begin(cls, scope: Scope) -> "RequestRecord":
        """Start the record of a request; a well-formed X-Request-Id is kept, else one is made."""
        given = header(scope, b"x-request-id")
        record = cls(given if given and WELL_FORMED.fullmatch(given) else os.urandom(16).hex())
        scope[KEY] = record
        return record

    @classmethod
    def of(cls, scope: Scope) -> "RequestRecord":
        """The record of the request of this scope."""
        record = scope[KEY]
        assert isinstance(record, cls)  # noqa: S101 - narrows what ASGI keeps untyped
        return record

    def describe(self, kind: str, operation_name: str | None, cost: int) -> None:
        """Note which operation runs; in a batch the last one is told, with the cost of all."""
        self.kind = kind
        self.operation_name = operation_name[:100] if operation_name else None
        self.cost = (self.cost or 0) + cost
