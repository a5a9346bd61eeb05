"""Opaque global ids: `<type>_<32 hexadecimal digits>`. Clients must not read anything into them."""

import re
from uuid import UUID

from execution.errors import PublicError

_GLOBAL_ID = re.compile(r"(.+)_([0-9a-f]{32})")


class UnknownIdError(PublicError):
    """A string that is no id, or no id of the type that was asked for: nothing has it."""

    code = "NOT_FOUND"

    def __init__(self) -> None:
        super().__init__("There is nothing with this id that you can see.")


def encode(prefix: str, key: UUID) -> str:
    """The global id of the row `key` of the type that `prefix` names."""
    return f"{prefix}_{key.hex}"


def decode(text: str) -> tuple[str, UUID]:
    """Prefix and key of a global id; raises `UnknownIdError`."""
    parts = _GLOBAL_ID.fullmatch(text)
    if parts is None:
        raise UnknownIdError
    return parts[1], UUID(parts[2])


def decode_as(prefix: str, text: str) -> UUID:
    """The key of a global id that must be of one type; raises `UnknownIdError`."""
    found, key = decode(text)
    if found != prefix:
        raise UnknownIdError
    return key
