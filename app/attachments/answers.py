"""How the routes of files refuse: a status, a code and a sentence."""

from collections.abc import Mapping
from typing import Final

from starlette.responses import JSONResponse, Response

from execution.errors import PublicError

STATUS: Final = {"UNAUTHENTICATED": 401, "FORBIDDEN": 403, "NOT_FOUND": 404}
NOT_STORED: Final = {"Cache-Control": "no-store"}


def refused(status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> Response:
    """A refusal as JSON."""
    body = {"error": {"code": code, "message": message}}
    return JSONResponse(body, status_code=status, headers={**NOT_STORED, **(headers or {})})


def refusal(error: PublicError) -> Response:
    """The refusal of an error that may be told."""
    return refused(STATUS.get(error.code, 400), error.code, error.message)
