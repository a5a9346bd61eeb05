"""The rows of one object plan, and what their fields lead to: an answer while it is made.

Each field that needs more than the row has `Children`. They do two things: `assign` puts what is there into the
objects that generated code has made, and `value` says for one row what its field has, for the careful way of making
the answer again (`execution.running.completion`). A reference to a row is a pair of its level and its position.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from graphql import GraphQLList, GraphQLNonNull, GraphQLOutputType

from execution.planning.plan import AbstractPlan, ObjectPlan
from execution.running.shaping import irregular

if TYPE_CHECKING:
    from execution.parts.following import Held

Reference: TypeAlias = "tuple[Level, int]"
Key: TypeAlias = Any


class Children(Protocol):
    """What a field of a level's rows leads to."""

    def assign(self, objects: list[dict[str, Any]], name: str) -> None:
        """Put the values into the objects; raises where one is not as the schema promises."""

    def value(self, position: int) -> Any:
        """The value for one row: null, a leaf, a reference, or lists of them; raises the field's error."""


class Level:
    """Rows of one type. `objects` are what is made of them, or None while that has to be done carefully."""

    __slots__ = ("children", "layout", "objects", "pages", "plan", "rows")

    def __init__(self, plan: ObjectPlan, rows: Sequence[Any], layout: Any, pages: Any = None) -> None:
        self.plan = plan
        self.rows = rows
        self.layout = layout
        self.pages = pages
        self.objects: list[dict[str, Any]] | None = None
        self.children: dict[str, Children] = {}

    def reference(self, position: int) -> Reference:
        """Where a row is."""
        return self, position

    def keys(self, column: str) -> list[Key]:
        """The rows' values of a key column."""
        if self.layout.key is None:
            return [getattr(row[column], "hex", row[column]) for row in self.rows]
        index = self.layout.positions[column]
        return [row[index] for row in self.rows]


class AbstractLevel:
    """Rows of an interface or a union: a level for each type among them, in the order of the rows."""

    __slots__ = ("_levels", "_where", "objects")

    def __init__(self, levels: Mapping[str, Level], where: Sequence[tuple[str, int]]) -> None:
        self._levels = levels
        self._where = where
        made = all(level.objects is not None for level in levels.values())
        self.objects = [(levels[name].objects or [])[index] for name, index in where] if made else None

    def reference(self, position: int) -> Reference:
        """Where a row is."""
        name, index = self._where[position]
        return self._levels[name], index


AnyLevel: TypeAlias = "Level | AbstractLevel | Held"


def partition(
    plan: AbstractPlan, rows: Sequence[Any], layout: Any
) -> tuple[dict[str, list[Any]], list[tuple[str, int]]]:
    """Rows by the name of their type, and where each of them came to be; raises for a type that is not possible."""
    parts: dict[str, list[Any]] = {}
    where = []
    for row in rows:
        name = layout.value(row, "__typename")
        if name not in plan.plans:
            raise TypeError(f"A row is of the type {name}, which is not possible here.")
        part = parts.setdefault(name, [])
        where.append((name, len(part)))
        part.append(row)
    return parts, where


def _objects(level: AnyLevel) -> list[dict[str, Any]]:
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
        made, places = _objects(self._level), self._places
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
        for key, made in zip(self._found, _objects(self._level), strict=True):
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
        made = _objects(self._level)
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
        for parent, made in zip(objects, _objects(self._level), strict=True):
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


class Values:
    """What Python has made: for each row null, a place in the level, lists of them, or an exception."""

    def __init__(self, places: Sequence[Any], level: AnyLevel, kind: GraphQLOutputType) -> None:
        self._places = places
        self._level = level
        self._kind = kind

    def assign(self, objects: list[dict[str, Any]], name: str) -> None:
        """The objects of each row."""
        made = _objects(self._level)
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
    return _objects(level)[position]
