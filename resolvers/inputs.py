"""Reading inputs: what is wrong with a value is told with the path of its field."""

from uuid import UUID

from domain.errors import ErrorCode, refuse
from execution.ids import UnknownIdError, decode_as

NOTHING = UUID(int=0)


def any_key(prefix: str, text: str) -> UUID:
    """The key of a global id in a form whose errors are told all at once: a malformed one is the key of nothing."""
    try:
        return decode_as(prefix, text)
    except UnknownIdError:
        return NOTHING


def key_of(prefix: str, text: str, *path: str) -> UUID:
    """The key of a global id in a mutation's input; an id that names nothing is NOT_FOUND at `path`."""
    try:
        return decode_as(prefix, text)
    except UnknownIdError as error:
        refuse(ErrorCode.NOT_FOUND, error.message, *path)
