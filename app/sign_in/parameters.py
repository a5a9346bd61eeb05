"""Reads what is posted to the token endpoint: a form, as OAuth has it, or a flat JSON object."""

from typing import Any, Final
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request

from app.http.body import read_body
from app.settings import Settings
from app.sign_in.errors import OAuthError, invalid_request

FORM: Final = "application/x-www-form-urlencoded"
MOST_BYTES: Final = 16 * 1024
MOST_FIELDS: Final = 20


async def read_parameters(request: Request, settings: Settings) -> dict[str, str]:
    """The parameters by name; raises `OAuthError` for anything that is not text by name, each name once."""
    body = await read_body(request, MOST_BYTES, settings.body_timeout)
    media_type = request.headers.get("content-type", FORM).partition(";")[0].strip().lower()
    if media_type == FORM:
        given = _form(body)
    elif media_type == "application/json":
        given = _json(body)
    else:
        raise OAuthError("invalid_request", f"Send {FORM} or application/json.", 415)
    if any("\0" in text for pair in given.items() for text in pair):
        raise invalid_request("Text cannot contain the null character.")
    return given


def _form(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:
        raise invalid_request("The body is no form in UTF-8.") from None
    if len({name for name, _ in pairs}) < len(pairs):
        raise invalid_request("A parameter is given twice.")
    return dict(pairs)


def _json(body: bytes) -> dict[str, str]:
    try:
        value: Any = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise invalid_request("The body is not JSON.") from None
    if not isinstance(value, dict) or not all(isinstance(text, str) for text in value.values()):
        raise invalid_request("The body must be a JSON object of texts.")
    return value
