"""Who is behind a socket: browsers cannot set its headers; `connection_init` says what headers say elsewhere."""

from collections.abc import Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.types import Scope

TOLD: Final = ("authorization", "bailiwick-tenant")


def request_of(scope: Scope) -> Request:
    """The request that opened a socket, as those who authenticate know requests."""
    return Request({**scope, "type": "http", "method": "GET"})


def asked_as(request: Request, payload: Mapping[str, Any]) -> Request:
    """The same request with what `connection_init` says, by the names of headers, or under `headers`."""
    nested = payload.get("headers")
    said = {**(nested if isinstance(nested, dict) else {}), **payload}
    told = {name.lower(): value for name, value in said.items() if isinstance(value, str)}
    given = {name: told[name] for name in TOLD if name in told}
    kept = [(name, value) for name, value in request.scope["headers"] if name.decode("latin-1") not in given]
    more = [(name.encode(), value.encode("latin-1", "replace")) for name, value in given.items()]
    return Request({**request.scope, "headers": [*kept, *more]})
