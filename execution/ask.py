"""What a resolver at the root answers with: rows that are still to be read, so that a plan can say which columns."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

from execution.ids import UnknownIdError
from execution.paging import PageRequest
from execution.relation import Cardinality


@dataclass(frozen=True, slots=True)
class Ask:
    """The rows of `batch(gate, **arguments)`: all of them, the first, or with `page` a page of them.

    With a `key` the batch function is one of a relation, `batch(gate, parents, **arguments)`, and the row is the one
    that it leads to; asks of one field for the same relation are one statement. `missing` is raised where a single
    row is not there. `extra` are further columns: of the page, or of the row.
    """

    batch: Callable[..., Any]
    cardinality: Cardinality
    arguments: Mapping[str, Hashable] = field(default_factory=dict)
    key: Any = None
    page: PageRequest | None = None
    missing: Exception | None = None
    typename: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


def by_key(batch: Callable[..., Any], key: Any, typename: str | None = None) -> Ask:
    """The row with this key, which must be there; `typename` tells its type where several are possible."""
    return Ask(batch, Cardinality.ONE, key=key, missing=UnknownIdError(), typename=typename)


def single(batch: Callable[..., Any], arguments: Mapping[str, Hashable]) -> Ask:
    """The first row, which must be there."""
    return Ask(batch, Cardinality.ONE, arguments, missing=UnknownIdError())


def several(batch: Callable[..., Any], arguments: Mapping[str, Hashable]) -> Ask:
    """All rows: only for what is small by nature."""
    return Ask(batch, Cardinality.MANY, arguments)


def page(batch: Callable[..., Any], arguments: Mapping[str, Hashable], request: PageRequest, **extra: Any) -> Ask:
    """A page of rows; `extra` are columns of the page."""
    return Ask(batch, Cardinality.PAGE, arguments, page=request, extra=extra)
