"""The columns of rows: where a statement puts them, and what the driver's values mean in Python.

Connections give UUIDs as 32 hexadecimal digits, JSON and decimals as text; enumerations are text in the database.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import JSON, Enum, Numeric, Uuid
from sqlalchemy.types import ARRAY, TypeEngine

Converter = Callable[[Any], Any]


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


class Layout:
    """Where the columns of a statement's rows are, by name, and of which types.

    `key` is equal for layouts that are the same in both.
    """

    __slots__ = ("_converters", "key", "positions", "types")

    def __init__(self, columns: Sequence[tuple[str, TypeEngine[Any]]]) -> None:
        self.positions: Final = {name: position for position, (name, _) in enumerate(columns)}
        self.types: Final = dict(columns)
        self.key: Final = tuple((name, repr(kind)) for name, kind in columns)
        self._converters: Final = {name: converter(kind) for name, kind in columns}

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
