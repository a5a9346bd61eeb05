"""Keyset paging: pages that neither skip nor repeat rows while others write, and cost the same wherever they are."""

import base64
import binascii
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Select, and_, literal, or_, tuple_

from execution.errors import PublicError

MOST = 100

Row = dict[str, Any]
T = TypeVar("T")


class PageSizeError(PublicError):
    """`first` and `last` are 1-100, and exactly one of them is given."""

    code = "OUT_OF_RANGE"


class CursorError(PublicError):
    """A cursor that this list did not give out."""

    code = "INVALID_CURSOR"

    def __init__(self, argument: str) -> None:
        super().__init__(f"`{argument}` is not a cursor of this list.", argument=argument)


class FilterError(PublicError):
    """A filter names more values than a list takes."""

    code = "LIMIT_EXCEEDED"


def bounded(argument: str, values: Sequence[T]) -> Sequence[T]:
    """The values of a filter, if they are not too many for one statement; raises `FilterError`."""
    if len(values) > MOST:
        raise FilterError(f"At most {MOST} values at once.", argument=argument, limit=MOST, actual=len(values))
    return values


@dataclass(frozen=True, slots=True)
class Key:
    """One column of a list's order: never null, and among the selected columns under its own name."""

    column: Any
    descending: bool = False

    @property
    def name(self) -> str:
        """The name under which rows carry the value."""
        return str(self.column.key)


@dataclass(frozen=True, slots=True)
class Listing:
    """A statement without order or limit, and the order in which it can be paged; the last key is unique."""

    statement: Select[Any]
    order: tuple[Key, ...]


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is wanted: `size` rows after (or, `backward`, before) `cursor`."""

    size: int
    backward: bool = False
    cursor: str | None = None

    @property
    def argument(self) -> str:
        """The argument that carried the cursor."""
        return "before" if self.backward else "after"


@dataclass(frozen=True, slots=True)
class Page:
    """One page, in the list's order, with what tells whether there is more on either side."""

    rows: Sequence[Row]
    order: tuple[Key, ...]
    has_next: bool
    has_previous: bool
    count: Callable[[], Any]

    def cursor(self, row: Row) -> str:
        """The cursor of a row of this page."""
        return encode_cursor(self.order, [row[key.name] for key in self.order])


def page_request(first: int | None, after: str | None, last: int | None, before: str | None) -> PageRequest:
    """What the four arguments of a connection ask for; raises `PageSizeError`."""
    if (first is None) == (last is None):
        raise PageSizeError("Give either `first` or `last`.", argument="first")
    name, size = ("last", last) if first is None else ("first", first)
    if size is None or not 1 <= size <= MOST:
        raise PageSizeError(f"`{name}` must be between 1 and {MOST}.", argument=name)
    if first is not None and before is not None:
        raise PageSizeError("`before` goes with `last`.", argument="before")
    if last is not None and after is not None:
        raise PageSizeError("`after` goes with `first`.", argument="after")
    return PageRequest(size, first is None, before if first is None else after)


def paged(listing: Listing, request: PageRequest) -> Select[Any]:
    """The statement of one page: ordered, after the cursor, and one row longer, which tells whether there is more."""
    keys = [Key(key.column, key.descending != request.backward) for key in listing.order]
    statement = listing.statement
    if request.cursor is not None:
        statement = statement.where(_after(keys, _decoded(keys, request)))
    return statement.order_by(*(ordered(key) for key in keys)).limit(request.size + 1)


def ordered(key: Key, column: Any | None = None) -> Any:
    """The ORDER BY expression of a key, or of `column` in its place."""
    expression = key.column if column is None else column
    return expression.desc() if key.descending else expression.asc()


def page_of(rows: Sequence[Row], listing: Listing, request: PageRequest, count: Callable[[], Any]) -> Page:
    """Cut the extra row off and put the rows in the list's order."""
    more = len(rows) > request.size
    kept = list(rows[: request.size])
    given = request.cursor is not None
    if request.backward:
        kept.reverse()
        return Page(kept, listing.order, has_next=given, has_previous=more, count=count)
    return Page(kept, listing.order, has_next=more, has_previous=given, count=count)


def encode_cursor(order: Sequence[Key], values: Sequence[Any]) -> str:
    """An opaque cursor that holds an order's values of one row, and the mark of the order to which they belong."""
    plain = [str(value) if isinstance(value, UUID | Decimal) else value for value in values]
    return base64.urlsafe_b64encode(orjson.dumps([_mark(order), *plain])).rstrip(b"=").decode()


def _mark(order: Sequence[Key]) -> int:
    """Tells lists of other orders apart, so that none takes another's cursor for its own."""
    return zlib.crc32(",".join(str(key.column) for key in order).encode())


def _decoded(keys: Sequence[Key], request: PageRequest) -> list[Any]:
    """The values of a cursor, of the types of their columns; raises `CursorError` for anything else."""
    text = request.cursor or ""
    try:
        values = orjson.loads(base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True))
        if not isinstance(values, list) or values[:1] != [_mark(keys)]:
            raise CursorError(request.argument)
        return [_typed(value, key.column.type.python_type) for value, key in zip(values[1:], keys, strict=True)]
    except (binascii.Error, ValueError, TypeError, ArithmeticError):
        raise CursorError(request.argument) from None


def _typed(value: Any, kind: type) -> Any:
    if kind is datetime:
        parsed = datetime.fromisoformat(value)
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)
    if kind is UUID and isinstance(value, str):
        return UUID(value)
    if kind is Decimal:
        return Decimal(value)
    if type(value) is not kind or "\0" in str(value):
        raise TypeError
    return value


def _after(keys: Sequence[Key], values: Sequence[Any]) -> ColumnElement[bool]:
    """Rows that come after `values`: where all keys run the same way one row comparison, good for an index."""
    bound = [literal(value, key.column.type) for key, value in zip(keys, values, strict=True)]
    columns = [key.column for key in keys]
    if len({key.descending for key in keys}) == 1:
        left, right = tuple_(*columns), tuple_(*bound)
        return left < right if keys[0].descending else left > right
    arms = []
    for position, key in enumerate(keys):
        beyond = columns[position] < bound[position] if key.descending else columns[position] > bound[position]
        arms.append(and_(*(c == b for c, b in zip(columns[:position], bound[:position], strict=True)), beyond))
    return or_(*arms)
