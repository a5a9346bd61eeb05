"""Which filters were applied to a list of customers, told back so that clients show them, each to be removed (B45)."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from execution.paging import Page
from resolvers.enums.customers import CustomerFilterField

FIELDS = {field.value: field for field in CustomerFilterField}


@dataclass(frozen=True, slots=True)
class FilteredPage(Page):
    """A page that knows its filters, one row for each value."""

    applied: list[dict[str, Any]]


def filtered(page: Page, criteria: Any, search: str | None) -> FilteredPage:
    """The page with the filters that were given; `criteria` is the input, as it came."""
    shared = {field.name: getattr(page, field.name) for field in fields(Page)}
    return FilteredPage(**shared, applied=[*_search(search), *_given(criteria)])


def _search(search: str | None) -> Iterator[dict[str, Any]]:
    if search and search.strip():
        yield {"field": CustomerFilterField.SEARCH, "value": search.strip()}


def _given(criteria: Any) -> Iterator[dict[str, Any]]:
    for name, field in FIELDS.items():
        value = getattr(criteria, name, None)
        values = value if isinstance(value, list) else [] if value is None else [str(value).lower()]
        yield from ({"field": field, "value": str(one)} for one in values)
