"""What a document may ask for (spec 0.2: pages of 1-100, at most 500,000 nodes), and how more is refused."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from execution.errors import PublicError

MAX_PAGE: Final = 100
"""Objects that a page holds at most, and elements of a list that is given."""

MAX_REPORTED: Final = 2**53 - 1
"""The largest number that JSON carries safely; a larger measurement is reported as this."""


class LimitExceededError(PublicError):
    """The document asks for more than one request may; `what` names the limit, `field` what asks for most of it."""

    code = "LIMIT_EXCEEDED"

    def __init__(self, what: str, limit: int, actual: int, field: Sequence[str] = ()) -> None:
        shown = min(actual, MAX_REPORTED)
        hint = f" Most of it is asked for at {'.'.join(field)}." if field else ""
        told: dict[str, Any] = {"field": list(field)} if field else {}
        super().__init__(
            f"The {what} of this request is {shown:,}; at most {limit:,} is allowed.{hint}",
            what=what,
            limit=limit,
            actual=shown,
            **told,
        )


@dataclass(slots=True)
class Measure:
    """What a selection asks for, fragments expanded; an upper bound where fragments overlap.

    `cost` counts the objects that the answer can hold; connections, edges and page information are free.
    `depth` counts fields from the root. `fields`, `aliases` and `directives` count occurrences. `path_cost` is the
    share of `most_expensive_field_path`.
    """

    cost: int = 0
    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    root_fields: int = 0
    introspects: bool = False
    most_expensive_field_path: tuple[str, ...] = ()
    path_cost: int = 0

    def add(self, other: "Measure") -> None:
        """Add a sibling's share; the depth is the deepest, the path that of the most expensive."""
        self.cost += other.cost
        self.depth = max(self.depth, other.depth)
        self.fields += other.fields
        self.aliases += other.aliases
        self.directives += other.directives
        self.root_fields += other.root_fields
        self.introspects = self.introspects or other.introspects
        if other.path_cost > self.path_cost:
            self.most_expensive_field_path, self.path_cost = other.most_expensive_field_path, other.path_cost


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one operation may measure; the names are those of `Measure`."""

    cost: int = 500_000
    depth: int = 15
    fields: int = 5_000
    aliases: int = 200
    directives: int = 100
    root_fields: int = 50


STRUCTURE_FIRST: Final = sorted((limit.name for limit in fields(Limits)), key=lambda name: name == "cost")


def check(measured: Measure, limits: Limits) -> None:
    """Refuse what exceeds a limit, the structural ones first, with `LimitExceededError`."""
    for name in STRUCTURE_FIRST:
        allowed, actual = getattr(limits, name), getattr(measured, name)
        if actual > allowed:
            field = measured.most_expensive_field_path if name == "cost" else ()
            raise LimitExceededError(name, allowed, actual, field)
