"""The rows of one object plan: an answer while it is made.

A reference to a row is a pair of its level and its position. What the fields of the rows lead to is in `children`.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from execution.planning.plan import AbstractPlan, ObjectPlan

if TYPE_CHECKING:
    from execution.parts.following import Held
    from execution.running.children import Children

Reference: TypeAlias = "tuple[Level, int]"
Key: TypeAlias = Any


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
