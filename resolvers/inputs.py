"""Reading inputs: what is wrong with a value is told with the path of its field."""

from datetime import UTC, datetime
from uuid import UUID

from domain.errors import ErrorCode, refuse
from execution.errors import PublicError
from execution.ids import UnknownIdError, decode_as

NOTHING = UUID(int=0)


class InstantError(PublicError):
    """A time that does not exist in UTC."""

    code = "OUT_OF_RANGE"


def instant(given: datetime | None, argument: str) -> datetime | None:
    """A time of a filter, in UTC, which is also meant where no offset is given; raises `InstantError`."""
    return None if given is None else moment(given, argument)


def moment(given: datetime, argument: str) -> datetime:
    """The same of a time that must be given."""
    try:
        return (given if given.tzinfo else given.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        raise InstantError("This time is before the year 1 or after the year 9999.", argument=argument) from None


def moment_of(given: datetime, *path: str) -> datetime:
    """The same in a mutation's input; what does not exist in UTC is OUT_OF_RANGE at `path`."""
    try:
        return moment(given, path[-1])
    except InstantError as error:
        refuse(ErrorCode.OUT_OF_RANGE, error.message, *path)


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
