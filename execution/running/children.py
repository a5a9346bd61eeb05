"""What the fields of a level's rows lead to.

Each does two things: `assign` puts what is there into the objects that generated code has made, and `value` says for
one row what its field has, for the careful way of making the answer again (`execution.running.completion`).
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Protocol

from execution.running.levels import AnyLevel, Key
from execution.running.shaping import irregular


class Children(Protocol):
    """What a field of a level's rows leads to."""

    def assign(self, objects: list[dict[str, Any]], name: str) -> None:
        """Put the values into the objects; raises where one is not as the schema promises."""

    def value(self, position: int) -> Any:
        """The value for one row: null, a leaf, a reference, or lists of them; raises the field's error."""


def objects_of(level: AnyLevel) -> list[dict[str, Any]]:
    """The objects that generated code has made; raises where that has to be done carefully."""
    return irregular() if level.objects is None else level.objects


class Failed:
    """Nothing came of a field: its error, for every row that has a key, or without `keys` for every row."""

    def __init__(self, error: Exception, keys: Sequence[Key] | None = None) -> None:
        self._error = error
        self._keys = keys

    def assign(self, _objects: list[dict[str, Any]], _name: str) -> None:
        """Errors are told carefully."""
        irregular()

    def value(self, position: int) -> Any:
        """Raises the error."""
        if self._keys is not None and self._keys[position] is None:
            return None
        raise self._error


class Singles:
    """At most one row for each key."""

    def __init__(self, keys: Sequence[Key], found: Sequence[Key], level: AnyLevel, *, required: bool) -> None:
        self._keys = keys
        self._level = level
        self._required = required
        self._places = dict(
            zip(reversed(found), range(len(found) - 1, -1, -1), strict=True)
        )  # the first of a key counts

    def assign(self, objects: list[dict[str, Any]], name: str) -> None:
        """The object of each row's key, or null."""
        made, places = objects_of(self._level), self._places
        for parent, key in zip(objects, self._keys, strict=True):
            place = places.get(key)
            if place is not None:
                parent[name] = made[place]
            elif self._required:
                irregular()

    def value(self, position: int) -> Any:
        """The reference, or null."""
        place = self._places.get(self._keys[position])
        return None if place is None else self._level.reference(place)


class Lists:
    """All rows of each key; null where there is no key."""

    def __init__(self, keys: Sequence[Key], found: Sequence[Key], level: AnyLevel, *, required: bool) -> None:
        self._keys = keys
        self._found = found
        self._level = level
        self._required = required

    def assign(self, objects: list[dict[str, Any]], name: str) -> None:
        """The list of each row's key."""
        groups: dict[Key, list[dict[str, Any]]] = {}
        for key, made in zip(self._found, objects_of(self._level), strict=True):
            groups.setdefault(key, []).append(made)
        for parent, key in zip(objects, self._keys, strict=True):
            if key is not None:
                parent[name] = groups.get(key, [])
            elif self._required:
                irregular()

    def value(self, position: int) -> Any:
        """The references, or null."""
        key = self._keys[position]
        if key is None:
            return None
        return [self._level.reference(place) for place in self._places.get(key, [])]

    @cached_property
    def _places(self) -> dict[Key, list[int]]:
        places: dict[Key, list[int]] = {}
        for place, key in enumerate(self._found):
            places.setdefault(key, []).append(place)
        return places


class Spans:
    """The rows of each page, as lists."""

    def __init__(self, spans: Sequence[tuple[int, int]], level: AnyLevel) -> None:
        self._spans = spans
        self._level = level

    def assign(self, objects: list[dict[str, Any]], name: str) -> None:
        """The list of each page."""
        made = objects_of(self._level)
        for parent, (start, end) in zip(objects, self._spans, strict=True):
            parent[name] = made[start:end]

    def value(self, position: int) -> Any:
        """The references."""
        start, end = self._spans[position]
        return [self._level.reference(place) for place in range(start, end)]


class Same:
    """The row itself, under another plan: the node of an edge."""

    def __init__(self, level: AnyLevel) -> None:
        self._level = level

    def assign(self, objects: list[dict[str, Any]], name: str) -> None:
        """The object of each row."""
        for parent, made in zip(objects, objects_of(self._level), strict=True):
            parent[name] = made

    def value(self, position: int) -> Any:
        """The reference."""
        return self._level.reference(position)


class Scalars:
    """A leaf for each row that more than the row was needed for: how many there are."""

    def __init__(self, values: Sequence[Any], *, required: bool = False) -> None:
        self._values = values
        self._required = required

    def assign(self, objects: list[dict[str, Any]], name: str) -> None:
        """The value of each row."""
        for parent, value in zip(objects, self._values, strict=True):
            parent[name] = irregular() if value is None and self._required else value

    def value(self, position: int) -> Any:
        """The value."""
        return self._values[position]
