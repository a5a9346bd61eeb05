"""The pages of a connection's parents: which rows each has, and where it stands in its list."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from execution.paging import PageRequest, encode_cursor
from execution.sql.statements import Statement


class Pages:
    """`rows` of all pages, `spans` where each page's begin and end; `count` asks how long the lists are."""

    def __init__(
        self,
        groups: Sequence[Sequence[Any]],
        statement: Statement,
        request: PageRequest,
        count: Callable[[], Awaitable[list[int]]],
    ) -> None:
        self.count = count
        self.layout = statement.layout
        self.order = statement.order_names
        self.rows: list[Any] = []
        self.spans: list[tuple[int, int]] = []
        self._keys = statement.order
        self._request = request
        self._more: list[bool] = []
        start, size, backward = 0, request.size, request.backward
        for group in groups:
            more = len(group) > size
            kept = group[:size] if more else group
            self.rows += reversed(kept) if backward else kept
            end = len(self.rows)
            self.spans.append((start, end))
            self._more.append(more)
            start = end

    def cursor(self, row: Any) -> str:
        """The cursor of a row."""
        return encode_cursor(self._keys, [self.layout.value(row, name) for name in self.order])

    def encode(self, *values: Any) -> str:
        """The cursor of a row with these values of the order's columns, as the driver gave them."""
        converted = []
        for name, value in zip(self.order, values, strict=True):
            convert = self.layout.converter(name)
            converted.append(value if convert is None else convert(value))
        return encode_cursor(self._keys, converted)

    def information(self, place: int, columns: Sequence[str]) -> dict[str, Any]:
        """These columns of the row of the page's `PageInfo`."""
        made = {
            "has_next_page": self._has_next,
            "has_previous_page": self._has_previous,
            "start_cursor": self._start_cursor,
            "end_cursor": self._end_cursor,
        }
        return {name: made[name](place) for name in columns}

    def _has_next(self, place: int) -> bool:
        return self._request.cursor is not None if self._request.backward else self._more[place]

    def _has_previous(self, place: int) -> bool:
        return self._more[place] if self._request.backward else self._request.cursor is not None

    def _start_cursor(self, place: int) -> str | None:
        start, end = self.spans[place]
        return self.cursor(self.rows[start]) if end > start else None

    def _end_cursor(self, place: int) -> str | None:
        start, end = self.spans[place]
        return self.cursor(self.rows[end - 1]) if end > start else None
