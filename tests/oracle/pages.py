"""Pages of rows, as the fields of connections read them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from execution.paging import Key, PageRequest, Row, encode_cursor

Count = Callable[[], Awaitable[Any]]


class Page(dict[str, Any]):
    """The row of a connection; `count` is asked for the length of the list."""

    count: Count


def page_of(
    rows: Sequence[Row],
    order: Sequence[Key],
    request: PageRequest,
    count: Count,
    extra: Mapping[str, Any] | None = None,
) -> Page:
    """Cut the extra row off and put the rows in the list's order."""
    more, given = len(rows) > request.size, request.cursor is not None
    nodes = list(rows[: request.size])
    if request.backward:
        nodes.reverse()
    edges = [{"node": row, "cursor": encode_cursor(order, [row[key.name] for key in order])} for row in nodes]
    information = {
        "has_next_page": given if request.backward else more,
        "has_previous_page": more if request.backward else given,
        "start_cursor": edges[0]["cursor"] if edges else None,
        "end_cursor": edges[-1]["cursor"] if edges else None,
    }
    page = Page(extra or {}, edges=edges, nodes=nodes, page_info=information)
    page.count = count
    return page
