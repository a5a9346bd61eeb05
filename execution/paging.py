"""Keyset paging: pages that neither skip nor repeat rows while others write, and cost the same wherever they are."""

import base64
import binascii
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Select, and_, bindparam, literal_column, or_, select, tuple_, union_all

from execution.cost.limits import MAX_PAGE
from execution.errors import PublicError

CURSOR = "cursor"

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
    if len(values) > MAX_PAGE:
        raise FilterError(f"At most {MAX_PAGE} values at once.", argument=argument, limit=MAX_PAGE, actual=len(values))
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
class Way:
    """One of several ways to the rows of a list, the right one if `condition` holds; with `few` there are then few."""

    condition: ColumnElement[bool]
    few: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A statement without order or limit, and the order in which it can be paged; the last key is unique.

    Of `ways` the condition of exactly one holds for all rows, and which one is known only as it runs. They change
    nothing of what is found: each is read by a query of its own, for which PostgreSQL can use an index of its own.
    """

    statement: Select[Any]
    order: tuple[Key, ...]
    ways: tuple[Way, ...] = ()


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

    @property
    def shape(self) -> "PageShape":
        """What decides the statement of the page."""
        return PageShape(self.size, self.backward, self.cursor is not None)


@dataclass(frozen=True, slots=True)
class PageShape:
    """What decides a page's statement: `size` rows, and with `more` one further, which tells whether there is one.

    With `cursors` the rows have the columns of the order, of which cursors are made.
    """

    size: int
    backward: bool
    continued: bool
    more: bool = True
    cursors: bool = True


def page_request(first: int | None, after: str | None, last: int | None, before: str | None) -> PageRequest:
    """What the four arguments of a connection ask for; raises `PageSizeError`."""
    if (first is None) == (last is None):
        raise PageSizeError("Give either `first` or `last`.", argument="first")
    name, size = ("last", last) if first is None else ("first", first)
    if size is None or not 1 <= size <= MAX_PAGE:
        raise PageSizeError(f"`{name}` must be between 1 and {MAX_PAGE}.", argument=name)
    if first is not None and before is not None:
        raise PageSizeError("`before` goes with `last`.", argument="before")
    if last is not None and after is not None:
        raise PageSizeError("`after` goes with `first`.", argument="after")
    return PageRequest(size, first is None, before if first is None else after)


def paged(listing: Listing, shape: PageShape) -> Select[Any]:
    """The statement of one page: ordered, and after the cursor, whose values are those of `cursor_values`."""
    keys = [Key(key.column, key.descending != shape.backward) for key in listing.order]
    statement = listing.statement
    if shape.continued:
        statement = statement.where(_after(keys))
    if not listing.ways:
        return _first(statement, keys, shape)
    found = union_all(*(_read(statement, way, keys, shape) for way in listing.ways)).subquery("found")
    return _first(select(found), [Key(found.c[key.name], key.descending) for key in keys], shape)


def _read(statement: Select[Any], way: Way, keys: Sequence[Key], shape: PageShape) -> Select[Any]:
    """The rows of one way. OFFSET lets PostgreSQL read few rows by what finds them, not by an index in their order."""
    there = statement.where(way.condition)
    return there.offset(literal_column("0")) if way.few else _first(there, keys, shape)


def _first(statement: Select[Any], keys: Sequence[Key], shape: PageShape) -> Select[Any]:
    # A constant: PostgreSQL plans a short page as such only if it knows that it is short.
    limit: Any = literal_column(str(shape.size + shape.more))
    return statement.order_by(*(ordered(key) for key in keys)).limit(limit)


def ordered(key: Key) -> Any:
    """The ORDER BY expression of a key."""
    return key.column.desc() if key.descending else key.column.asc()


def cursor_values(order: Sequence[Key], request: PageRequest) -> dict[str, Any]:
    """The parameters that a continued page needs; raises `CursorError` for what is no cursor of this order."""
    if request.cursor is None:
        return {}
    return {f"{CURSOR}_{position}": value for position, value in enumerate(_decoded(order, request))}


def encode_cursor(order: Sequence[Key], values: Sequence[Any]) -> str:
    """An opaque cursor that holds an order's values of one row, and the mark of the order to which they belong."""
    plain = [str(value) if isinstance(value, UUID | Decimal) else value for value in values]
    return base64.urlsafe_b64encode(orjson.dumps([_mark(tuple(order)), *plain])).rstrip(b"=").decode()


@lru_cache(maxsize=1024)
def _mark(order: tuple[Key, ...]) -> int:
    """Tells lists of other orders apart, so that none takes another's cursor for its own."""
    return zlib.crc32(",".join(str(key.column) for key in order).encode())


@lru_cache(maxsize=1024)
def _kinds(order: tuple[Key, ...]) -> tuple[type, ...]:
    """The types of an order's values, which SQLAlchemy makes out anew whenever it is asked."""
    return tuple(key.column.type.python_type for key in order)


def _decoded(keys: Sequence[Key], request: PageRequest) -> list[Any]:
    """The values of a cursor, of the types of their columns; raises `CursorError` for anything else."""
    text = request.cursor or ""
    try:
        values = orjson.loads(base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True))
        order = tuple(keys)
        if not isinstance(values, list) or values[:1] != [_mark(order)]:
            raise CursorError(request.argument)
        return [_typed(value, kind) for value, kind in zip(values[1:], _kinds(order), strict=True)]
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


def _after(keys: Sequence[Key]) -> ColumnElement[bool]:
    """Rows that come after the cursor: where all keys run the same way one row comparison, good for an index."""
    bound = [bindparam(f"{CURSOR}_{position}", type_=key.column.type) for position, key in enumerate(keys)]
    columns = [key.column for key in keys]
    if len({key.descending for key in keys}) == 1:
        left, right = tuple_(*columns), tuple_(*bound)
        return left < right if keys[0].descending else left > right
    arms = []
    for position, key in enumerate(keys):
        beyond = columns[position] < bound[position] if key.descending else columns[position] > bound[position]
        arms.append(and_(*(c == b for c, b in zip(columns[:position], bound[:position], strict=True)), beyond))
    return or_(*arms)
