"""Single headers of a request, without a mapping of all of them."""

from starlette.types import Scope


def header(scope: Scope, name: bytes) -> str | None:
    """The value of a header by its name in lower case, the first where there are several."""
    for key, value in scope["headers"]:
        if key == name:
            return str(value, "latin-1")
    return None
