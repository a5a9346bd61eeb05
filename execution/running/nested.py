"""What stands in lists of lists, as a field's type says: what Python has made, and what a root field has."""

from collections.abc import Callable, Sequence
from typing import Any

from graphql import GraphQLList, GraphQLNonNull, GraphQLOutputType

from execution.running.children import objects_of
from execution.running.levels import AnyLevel
from execution.running.shaping import irregular


class Values:
    """What Python has made: for each row null, a place in the level, lists of them, or an exception."""

    def __init__(self, places: Sequence[Any], level: AnyLevel, kind: GraphQLOutputType) -> None:
        self._places = places
        self._level = level
        self._kind = kind

    def assign(self, objects: list[dict[str, Any]], name: str) -> None:
        """The objects of each row."""
        made = objects_of(self._level)
        for parent, place in zip(objects, self._places, strict=True):
            _check(place, self._kind)
            parent[name] = _replaced(place, made.__getitem__)

    def value(self, position: int) -> Any:
        """The references; raises what was made in their place."""
        return _replaced(self._places[position], self._level.reference)


def _check(place: Any, kind: GraphQLOutputType) -> None:
    """Raises where null or an exception stands in the place of something."""
    if place is None:
        if isinstance(kind, GraphQLNonNull):
            irregular()
        return
    inner = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    if isinstance(inner, GraphQLList):
        for each in place if isinstance(place, list) else irregular():
            _check(each, inner.of_type)
    elif type(place) is not int:
        irregular()


def _replaced(place: Any, of: Callable[[int], Any]) -> Any:
    if isinstance(place, list):
        return [_replaced(each, of) for each in place]
    return of(place) if type(place) is int else place


class Found:
    """What a root field has: references, null, exceptions, or lists of them."""

    def __init__(self, found: Any, kind: GraphQLOutputType) -> None:
        self._found = found
        self._kind = kind

    def assign(self, objects: list[dict[str, Any]], name: str) -> None:
        """The objects of the only row."""
        objects[0][name] = _made(self._found, self._kind)

    def value(self, _position: int) -> Any:
        """The references."""
        return self._found


def _made(found: Any, kind: GraphQLOutputType) -> Any:
    """The objects behind references."""
    required = isinstance(kind, GraphQLNonNull)
    inner: Any = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    if found is None:
        return irregular() if required else None
    if isinstance(found, list):
        return [_made(each, inner.of_type) for each in found]
    if isinstance(found, Exception):
        return irregular()
    level, position = found
    return objects_of(level)[position]
