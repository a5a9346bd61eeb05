"""Which filters were applied to a list of customers, told back so that clients show them, each to be removed (B45)."""

from collections.abc import Iterator
from typing import Any

from resolvers.enums.customers import CustomerFilterField

FIELDS = {field.value: field for field in CustomerFilterField}


def applied_filters(criteria: Any, search: str | None) -> list[dict[str, Any]]:
    """One row for each value of the search and the filters; `criteria` is the input, as it came."""
    return [*_search(search), *_given(criteria)]


def _search(search: str | None) -> Iterator[dict[str, Any]]:
    if search and search.strip():
        yield {"field": CustomerFilterField.SEARCH, "value": search.strip()}


def _given(criteria: Any) -> Iterator[dict[str, Any]]:
    for name, field in FIELDS.items():
        value = getattr(criteria, name, None)
        values = value if isinstance(value, list) else [] if value is None else [str(value).lower()]
        yield from ({"field": field, "value": str(one)} for one in values)
