"""Files of rows, written as the rows come: never whole in memory, and nothing in them is ever run (spec 3, 16)."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Protocol

import orjson
import xlsxwriter

from domain.exports.model import ExportFormat

Row = Mapping[str, Any]
FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")
"""With what a cell begins that spreadsheets take for a formula, the wide ones for the narrow (OWASP, CSV injection)."""
LONGEST_CELL: Final = 32_767
"""Characters that Excel has room for."""
INSTANT: Final = "yyyy-mm-dd hh:mm:ss"


class Writer(Protocol):
    """A file that grows; it is whole once it is closed."""

    def add(self, rows: Iterable[Row]) -> None:
        """Append rows, by the names of the columns."""

    def close(self) -> None:
        """Write what is still to be written."""


class CsvWriter:
    """RFC 4180, in UTF-8 with the mark by which spreadsheets know that."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self._columns = columns
        self._file = path.open("w", encoding="utf-8-sig", newline="")
        self._rows = csv.writer(self._file)
        self._rows.writerow(columns)

    def add(self, rows: Iterable[Row]) -> None:
        """Append rows."""
        self._rows.writerows([_text(row[name]) for name in self._columns] for row in rows)

    def close(self) -> None:
        """Write what is still in memory."""
        self._file.close()


class JsonWriter:
    """An array of objects; `contact.name` is the name of the object `contact`."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self._columns = columns
        self._file = path.open("wb")
        self._before = b"[\n"

    def add(self, rows: Iterable[Row]) -> None:
        """Append rows."""
        for row in rows:
            self._file.write(self._before + orjson.dumps(_nested(row, self._columns)))
            self._before = b",\n"

    def close(self) -> None:
        """End the array."""
        self._file.write(b"\n]\n" if self._before == b",\n" else b"[]\n")
        self._file.close()


class XlsxWriter:
    """A sheet whose rows are on the disk as soon as they are written; instants are in UTC, which Excel cannot say."""

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self._columns = columns
        self._book = xlsxwriter.Workbook(path, {"constant_memory": True, "tmpdir": str(path.parent)})
        self._instant = self._book.add_format({"num_format": INSTANT})
        self._sheet = self._book.add_worksheet()
        self._next = 0
        self._write(columns)
        self._sheet.freeze_panes(1, 0)

    def add(self, rows: Iterable[Row]) -> None:
        """Append rows."""
        for row in rows:
            self._write([row[name] for name in self._columns])

    def close(self) -> None:
        """Put the parts of the file together."""
        self._book.close()

    def _write(self, values: Iterable[Any]) -> None:
        for place, value in enumerate(values):
            self._cell(self._next, place, value)
        self._next += 1

    def _cell(self, row: int, place: int, value: Any) -> None:
        """A cell of the value's own type: text stays text, whatever it looks like."""
        if isinstance(value, bool):
            self._sheet.write_boolean(row, place, value)
        elif isinstance(value, int):
            self._sheet.write_number(row, place, value)
        elif isinstance(value, datetime):
            self._sheet.write_datetime(row, place, value.astimezone(UTC).replace(tzinfo=None), self._instant)
        elif value is not None:
            self._sheet.write_string(row, place, _joined(value)[:LONGEST_CELL])


WRITERS: Final[Mapping[ExportFormat, Callable[[Path, Sequence[str]], Writer]]] = {
    ExportFormat.CSV: CsvWriter,
    ExportFormat.JSON: JsonWriter,
    ExportFormat.XLSX: XlsxWriter,
}
MEDIA_TYPES: Final = {
    ExportFormat.CSV: "text/csv",
    ExportFormat.JSON: "application/json",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _text(value: Any) -> str:
    """A cell of a file that knows only text; what would be taken for a formula begins with an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat()
    text = _joined(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def _joined(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else str(value)


def _nested(row: Row, columns: Sequence[str]) -> dict[str, Any]:
    """The row as GraphQL has it: an object of which nothing is known is null."""
    made: dict[str, Any] = {}
    for column in columns:
        within, _, name = column.rpartition(".")
        if within:
            made.setdefault(within, {})[name] = row[column]
        else:
            made[name] = row[column]
    return {name: _or_null(value) if isinstance(value, dict) else value for name, value in made.items()}


def _or_null(value: dict[str, Any]) -> dict[str, Any] | None:
    return None if all(each is None for each in value.values()) else value
