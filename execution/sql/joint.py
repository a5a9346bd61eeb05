"""Statements that travel as one: that of a root field with those of all that it leads to, in one round trip.

Each part reads its parents' keys from the rows of an earlier one. The rows of all have one shape, wide enough for any
of them: first the number of the part, then as many columns of each type as the part with most of them has.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from execution.cache import Cache
from execution.relation import KEYS
from execution.sql.columns import Layout
from execution.sql.statements import Slot, Statement

Rows: TypeAlias = list[Any]

PARAMETER: Final = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\d+)""")
"""A parameter; and whatever is quoted, in which none is."""


@dataclass(frozen=True, slots=True)
class Part:
    """A statement; its parents' keys are in the column `key` of the part `parent`, or given where that is None."""

    statement: Statement
    parent: int | None = None
    key: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Joint:
    """The one statement, and those of its parts with the layouts that their rows have in it."""

    statement: Statement
    parts: tuple[Statement, ...]

    def values(self, shared: Mapping[str, Any], own: Sequence[Mapping[str, Any]]) -> list[Any]:
        """The parameters: `shared` are the same for all parts, `own` are each part's."""
        named = dict(shared)
        for number, values in enumerate(own):
            for name, value in values.items():
                named[_own(name, number)] = value
        return self.statement.values(named)

    def split(self, rows: Rows) -> list[Rows]:
        """The rows of each part."""
        found: list[Rows] = [[] for _ in self.parts]
        for row in rows:
            found[row[0]].append(row)
        return found


class Joints:
    """Joint statements, each made once."""

    def __init__(self, size: int) -> None:
        self.cache: Final = Cache[Joint](size)

    def of(self, parts: tuple[Part, ...], shared: Collection[str]) -> Joint:
        """The parts as one; `shared` are the names of the values that all of them have."""
        return self.cache.get(parts) or self.cache.keep(parts, _Writer(parts, shared).joint())


def _own(name: str, number: int) -> str:
    return f"{name} of {number}"


class _Writer:
    """Writes one joint statement."""

    def __init__(self, parts: Sequence[Part], shared: Collection[str]) -> None:
        self._parts = parts
        self._shared = shared
        self._types = types = [part.statement.layout.sql_types for part in parts]
        self._width = {name: max(each.count(name) for each in types) for each in types for name in each}
        self._slots: dict[Any, tuple[int, Slot]] = {}

    def joint(self) -> Joint:
        parents = {part.parent for part in self._parts}
        named, arms = [], []
        for number, part in enumerate(self._parts):
            columns = ", ".join(f"c{place}" for place in range(len(self._types[number])))
            name, text = f"part{number} ({columns})", self._text(number, part)
            if number in parents:
                named.append(f"{name} AS MATERIALIZED ({text})")
            arms.append(self._arm(number, f"part{number}" if number in parents else f"({text}) AS {name}"))
        text = "\nUNION ALL\n".join(arms)
        if named:
            text = "WITH " + ",\n".join(named) + "\n" + text
        whole = Statement(text, tuple(slot for _, slot in self._slots.values()), Layout(()), several=True)
        return Joint(whole, tuple(self._placed(number, part.statement) for number, part in enumerate(self._parts)))

    def _arm(self, number: int, source: str) -> str:
        """The rows of a part, in the shape of all."""
        places = self._places(number)
        columns = [
            f"c{places[place]}::{name}" if place in places else f"NULL::{name}"
            for place, name in enumerate(name for name, width in self._width.items() for _ in range(width))
        ]
        return f"SELECT {', '.join([str(number), *columns])} FROM {source}"  # noqa: S608 - numbers and types

    def _places(self, number: int) -> dict[int, int]:
        """Which column of a part stands where among those of all."""
        start, starts = 0, {}
        for name, width in self._width.items():
            starts[name] = start
            start += width
        places = {}
        for position, name in enumerate(self._types[number]):
            places[starts[name]] = position
            starts[name] += 1
        return places

    def _placed(self, number: int, statement: Statement) -> Statement:
        """The statement, as one whose rows are those of the joint one."""
        places = {position: place + 1 for place, position in self._places(number).items()}
        order = [places[position] for position in range(len(places))]
        return replace(statement, layout=statement.layout.placed(order, 1 + sum(self._width.values())))

    def _text(self, number: int, part: Part) -> str:
        """A part's SQL, with the parameters of all."""
        slots = part.statement.slots

        def parameter(match: re.Match[str]) -> str:
            return self._parameter(number, part, slots[int(match[1]) - 1]) if match[1] else match[0]

        return PARAMETER.sub(parameter, part.statement.text)

    def _parameter(self, number: int, part: Part, slot: Slot) -> str:
        if slot.name == KEYS and part.parent is not None:
            place = self._parts[part.parent].statement.layout.positions[part.key]
            return f"ARRAY(SELECT DISTINCT c{place} FROM part{part.parent} WHERE c{place} IS NOT NULL)"  # noqa: S608 - numbers
        key: Any = object()  # constants are of the type that the place in which they stand gives them
        if slot.name is not None:
            name = slot.name if slot.name in self._shared else _own(slot.name, number)
            slot, key = replace(slot, name=name), (name, slot.process)
        position, _ = self._slots.setdefault(key, (len(self._slots) + 1, slot))
        return f"${position}"
