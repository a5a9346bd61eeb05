"""Rows as COPY wants them: tuples by table, filled up with the defaults that the models declare."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime

from domain.base import Base
from domain.tables import METADATA

_SERVER_DEFAULTS: dict[str, Any] = {"{}": [], "1": 1, "false": False, "true": True}
Rows = list[tuple[Any, ...]]


class Templates:
    """For each table its columns with their defaults, worked out once a load.

    A time that the database would stamp is `now`; everything else without a default is null.
    """

    def __init__(self, now: datetime) -> None:
        self.of = {
            table.name: {c.name: _default(c, now) for c in table.columns if c.computed is None}
            for table in METADATA.sorted_tables
        }
        self.columns = {table: tuple(columns) for table, columns in self.of.items()}


class Batch:
    """Rows of many tables that are loaded together."""

    def __init__(self, templates: Templates) -> None:
        self.templates = templates
        self._sheets: dict[tuple[str, tuple[str, ...]], Rows] = {}

    def add(self, model: type[Base], **values: Any) -> None:
        """Add a row; raises `KeyError` for a column that there is not."""
        table = model.__tablename__
        template = self.templates.of[table]
        row = template | values
        if len(row) != len(template):
            raise KeyError(f"{table} has no column {sorted(values.keys() - template.keys())}")
        self.sheet(model, self.templates.columns[table]).append(tuple(row.values()))

    def sheet(self, model: type[Base], columns: tuple[str, ...]) -> Rows:
        """Where rows of just these columns go: half as dear as `add`, for the tables that have most of the rows."""
        key = model.__tablename__, columns
        try:
            return self._sheets[key]
        except KeyError:
            rows = self._sheets[key] = []
            return rows

    def tables(self) -> Iterator[tuple[str, tuple[str, ...], Rows]]:
        """Each table with columns and rows."""
        for (table, columns), rows in self._sheets.items():
            yield table, columns, rows

    def __len__(self) -> int:
        """How many rows there are."""
        return sum(map(len, self._sheets.values()))


def all_tables() -> list[str]:
    """Every table that there is."""
    return [table.name for table in METADATA.sorted_tables]


def _default(column: Any, now: datetime) -> Any:
    default = column.default
    if default is not None and default.is_scalar:
        return default.arg
    if default is not None and default.is_callable and not column.primary_key:
        return default.arg(None)
    if column.server_default is None:
        return None
    if isinstance(column.type, DateTime):
        return now
    return _SERVER_DEFAULTS.get(str(column.server_default.arg))
