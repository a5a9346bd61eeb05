"""The columns of rows: where a statement puts them, and what the driver's values mean in Python.

Connections give UUIDs as 32 hexadecimal digits, JSON and decimals as text; enumerations are text in the database.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property, partial
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import JSON, Enum, Numeric, Uuid
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.exc import CompileError
from sqlalchemy.types import ARRAY, TypeEngine

Converter = Callable[[Any], Any]

DIALECT: Final = PGDialect_asyncpg()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
TEXT: Final = re.compile(r"^(?:VARCHAR|CHAR)(?:\(\d+\))?")
PRECISION: Final = re.compile(r"^NUMERIC\(\d+, \d+\)")


def converter(kind: TypeEngine[Any]) -> Converter | None:
    """Makes the driver's values of this type, None excepted, those that Python code expects; None for no change."""
    if isinstance(kind, Uuid):
        return UUID
    if isinstance(kind, Numeric) and kind.asdecimal:
        return Decimal
    if isinstance(kind, Enum):
        return _member(kind)
    if isinstance(kind, JSON):
        return orjson.loads
    if isinstance(kind, ARRAY):
        each = converter(kind.item_type)
        return None if each is None else partial(_items, each)
    return None


def _items(each: Converter, values: Sequence[Any]) -> list[Any]:
    """The values of an array, which may be one of arrays."""
    return [None if v is None else _items(each, v) if isinstance(v, list) else each(v) for v in values]


def _member(kind: Enum) -> Converter | None:
    if kind.enum_class is None:
        return None
    return {text: kind.enum_class[text] for text in kind.enums}.__getitem__


def _sql_type(kind: TypeEngine[Any]) -> str:
    """The name of a type, without what says how long its values may be."""
    return PRECISION.sub("NUMERIC", TEXT.sub("TEXT", kind.compile(dialect=DIALECT)))


class Layout:
    """Where the columns of a statement's rows are, by name, and of which types.

    Rows may have more columns than those: `places` are where they stand, `width` is how many there are. `key` is equal
    for layouts that are the same in all of this.
    """

    def __init__(
        self,
        columns: Sequence[tuple[str, TypeEngine[Any]]],
        places: Sequence[int] | None = None,
        width: int | None = None,
    ) -> None:
        where = range(len(columns)) if places is None else places
        self._columns: Final = columns
        self.width: Final = len(columns) if width is None else width
        self.positions: Final = {name: place for (name, _), place in zip(columns, where, strict=True)}
        self.types: Final = dict(columns)
        self.key: Final = (self.width, *((name, repr(self.types[name]), at) for name, at in self.positions.items()))
        self._converters: Final = {name: converter(kind) for name, kind in columns}

    @cached_property
    def sql_types(self) -> tuple[str, ...]:
        """What SQL calls the types of the columns, in their order; empty where one is not known."""
        try:
            return tuple(_sql_type(kind) for _, kind in self._columns)
        except CompileError:
            return ()

    def placed(self, places: Sequence[int], width: int) -> "Layout":
        """The same columns at other places of rows of this width."""
        return Layout(self._columns, places, width)

    def value(self, row: Any, name: str) -> Any:
        """The Python value of a column."""
        value = row[self.positions[name]]
        convert = self._converters[name]
        return value if value is None or convert is None else convert(value)

    def converter(self, name: str) -> Converter | None:
        """What makes the driver's values of a column Python's; None for no change."""
        return self._converters[name]

    def mapping(self, row: Any, names: Sequence[str]) -> dict[str, Any]:
        """The row as a dictionary of Python values, of these columns."""
        return {name: self.value(row, name) for name in names}


class _Named:
    """Rows that are dictionaries, or objects, of Python values."""

    key: Final = None
    types: Final[Mapping[str, TypeEngine[Any]]] = {}

    def value(self, row: Any, name: str) -> Any:
        """The value of a column."""
        return row[name]

    def converter(self, _name: str) -> None:
        """Nothing is to be changed: the values are Python's."""

    def mapping(self, row: Any, _names: Sequence[str]) -> Any:
        """The row itself."""
        return row


NAMED: Final = _Named()


class Attributes:
    """An object as a row: its attributes are the columns."""

    __slots__ = ("_of",)

    def __init__(self, of: Any) -> None:
        self._of = of

    def __getitem__(self, name: str) -> Any:
        return getattr(self._of, name)
