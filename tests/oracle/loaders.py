"""Relations served by DataLoaders: one statement for all parents of a level, however the query reaches them."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from strawberry.dataloader import DataLoader

from authz.gate import Gate
from execution.paging import PageRequest, Row, cursor_values
from execution.relation import KEYS, Cardinality, Relation, grouped, related, related_counts, related_pages
from tests.oracle.pages import Page, page_of
from tests.oracle.reader import Reader


class Loaders:
    """The loaders of one operation, one for each relation with the same arguments."""

    def __init__(self, reader: Reader, gate: Callable[[], Gate]) -> None:
        self._reader = reader
        self._gate = gate
        self._loaders: dict[Any, DataLoader[Any, Any]] = {}

    async def related(
        self, relation: Relation, key: Any, arguments: Mapping[str, Any], page: PageRequest | None = None
    ) -> Any:
        """What `relation` leads to from `key`; nothing at all, not even an empty page, where it is null."""
        if key is None:
            return None
        if relation.paged:
            return await self._loader(self._pages, relation, arguments, page).load(key)
        load = self._lists if relation.cardinality is Cardinality.MANY else self._singles
        return await self._loader(load, relation, arguments).load(key)

    async def count(self, relation: Relation, key: Any, arguments: Mapping[str, Any]) -> int | None:
        """How many rows `relation` leads to from `key`; None where it is null."""
        return None if key is None else int(await self._loader(self._counts, relation, arguments).load(key))

    def _loader(self, load: Any, relation: Relation, arguments: Mapping[str, Any], *more: Any) -> DataLoader[Any, Any]:
        name = (load.__name__, relation, repr(sorted(arguments.items())), *more)
        if name not in self._loaders:
            self._loaders[name] = DataLoader(load_fn=partial(load, relation, arguments, *more))
        return self._loaders[name]

    async def _singles(self, relation: Relation, arguments: Mapping[str, Any], keys: list[Any]) -> list[Row | None]:
        found = await self._groups(relation, arguments, keys)
        return [found[key][0] if key in found else None for key in keys]

    async def _lists(self, relation: Relation, arguments: Mapping[str, Any], keys: list[Any]) -> list[list[Row]]:
        found = await self._groups(relation, arguments, keys)
        return [found.get(key, []) for key in keys]

    async def _groups(self, relation: Relation, arguments: Mapping[str, Any], keys: list[Any]) -> dict[Any, list[Row]]:
        return grouped(await self._reader.rows(related(relation, self._gate(), arguments), **{KEYS: keys}))

    async def _pages(
        self, relation: Relation, arguments: Mapping[str, Any], request: PageRequest, keys: list[Any]
    ) -> list[Page]:
        statement, order = related_pages(relation, self._gate(), arguments, request.shape)
        cursor = cursor_values(order, request)
        found = grouped(await self._reader.rows(statement, **{KEYS: keys}, **cursor))
        counts = self._loader(self._counts, relation, arguments)
        return [page_of(found.get(key, []), order, request, partial(counts.load, key)) for key in keys]

    async def _counts(self, relation: Relation, arguments: Mapping[str, Any], keys: list[Any]) -> list[int]:
        rows = await self._reader.rows(related_counts(relation, self._gate(), arguments), **{KEYS: keys})
        found = {row["parent_key"]: row["count"] for row in rows}
        return [found.get(key, 0) for key in keys]
