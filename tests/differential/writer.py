"""Random selection sets: deep first, with everything that GraphQL has to say the same thing in another way."""

from dataclasses import dataclass, field
from random import Random
from typing import Any, Final
from zlib import crc32

from graphql import GraphQLInterfaceType, get_named_type

from tests.differential.arguments import Arguments
from tests.differential.literals import Variables
from tests.differential.places import WRAPPERS, Composite, Place, leading, type_named_by
from tests.differential.pool import Pool
from tests.differential.values import PREFIXES
from tests.support.schema import SCHEMA

RARE: Final = frozenset(
    {"WebhookDelivery", "WebhookEndpoint", "ExportSchedule", "ExportJob", "TicketEvent", "EntitlementUse", "Device"}
)
"""Types that few queries come to: now and then all that they have is asked for."""
ROOTS: Final = {
    "customers": 9,
    "customer": 9,
    "tickets": 4,
    "ticket": 5,
    "tenant": 6,
    "viewer": 6,
    "node": 4,
    "nodes": 4,
    "auditEvents": 2,
    "exportJob": 0.5,
    "exportJobs": 0.5,
    "exportSchedule": 0.7,
    "exportSchedules": 0.7,
    "entitlement": 2,
    "supportContract": 2,
    "supportInviteForm": 2,
    "ticketAppointmentSlots": 0.3,
    "webhook": 8,
    "webhooks": 8,
    "bulkOperation": 4,
    "bulkOperations": 5,
}
"""How often a root field is chosen; 1 where nothing is said. What most may not ask makes nothing of a whole answer."""


@dataclass(frozen=True, slots=True)
class _Fragment:
    name: str
    on: str
    text: str
    place: Place


@dataclass(slots=True)
class Writer:
    """Writes the selections of one document."""

    rng: Random
    pool: Pool
    left: int = 0
    deepest: int = 0
    fragments: list[_Fragment] = field(default_factory=list)
    arguments: Arguments = field(init=False)
    variables: Variables = field(init=False)

    def __post_init__(self) -> None:
        self.variables = Variables(self.rng)
        self.arguments = Arguments(self.rng, self.pool, self.variables)
        self.deepest = self.rng.choice((5, 6, 6, 7, 8, 9, 9))
        self.left = self.rng.choice((15, 25, 40, 60, 80))

    def set_of(self, kind: Composite, wanted: int) -> str:
        """A selection set on `kind` that asks for about so many things."""
        return self._selections(kind, Place(), wanted)

    @property
    def heading(self) -> str:
        """The declarations of the variables that were used."""
        return ", ".join(f"${name}: {kind}" for name, kind in self.variables.declared.items())

    @property
    def parts(self) -> list[str]:
        """The definitions of the fragments that were used."""
        return [f"fragment {each.name} on {each.on} {each.text}" for each in self.fragments]

    def _selections(self, kind: Composite, place: Place, wanted: int) -> str:
        items: list[str] = []
        for number in range(wanted):
            if self.left > 0 or not items:
                items += [item for item in self._item(kind, place, number) if item not in items]
        if kind.name in RARE and self.rng.random() < 0.6:
            items += [f"{place.prefix}{name}: {name}" for name in kind.fields if name not in leading(kind)]
        if kind.name == "Node" and place.likely:
            items.append(self._inline(kind, place, SCHEMA.type_map[self.rng.choice(place.likely)]))
        if self.rng.random() < 0.15 or not items:
            items.append(self._typename())
        self.rng.shuffle(items)
        return "{ " + " ".join(items) + " }"

    def _typename(self) -> str:
        return self.rng.choice(("__typename", "__typename", "kind_of_it: __typename"))

    def _item(self, kind: Composite, place: Place, number: int) -> list[str]:
        """The first of a selection set leads on, while there is room for it: that makes queries deep."""
        way = self.rng.random()
        often = 1.0 if leading(kind) else 0.4
        if way < 0.09 * often and place.depth < self.deepest:
            return [self._inline(kind, place, self._condition(kind, place))]
        if way < 0.17 * often and place.depth < self.deepest:
            return [self._spread(kind, place)]
        return self._field(kind, place, 0.96 if number == 0 else 0.4)

    def _condition(self, kind: Composite, place: Place) -> Any:
        """The type of a fragment that can be spread into `kind`; None for a fragment without one."""
        if kind.name == "Node" and place.likely and self.rng.random() < 0.7:
            return SCHEMA.type_map[self.rng.choice(place.likely)]
        if isinstance(kind, GraphQLInterfaceType):
            return self.rng.choice(sorted(SCHEMA.get_possible_types(kind), key=lambda each: each.name))
        return self.rng.choice([kind, kind, None, *kind.interfaces])

    def _inline(self, kind: Composite, place: Place, on: Any) -> str:
        target = on or kind
        condition = f"on {on.name} " if on else ""
        inside = self._inside(kind, place, target)
        return f"... {condition}{self._directives()}{self._selections(target, inside, self.rng.randint(1, 3))}"

    def _inside(self, kind: Composite, place: Place, target: Composite) -> Place:
        """The place of a fragment: fields of different types cannot always have the same key."""
        prefixed = kind is not target and isinstance(kind, GraphQLInterfaceType) and self.rng.random() < 0.7
        prefix = f"{target.name.lower()}_" if prefixed else place.prefix
        return Place(place.depth, place.rows, prefix, place.likely or ((kind.name,) if target.name == "Node" else ()))

    def _spread(self, kind: Composite, place: Place) -> str:
        fitting = [each for each in self.fragments if each.on == kind.name and each.place.rows >= place.rows]
        if fitting and self.rng.random() < 0.5:
            return f"...{self.rng.choice(fitting).name} {self._directives()}"
        on = self._condition(kind, place) or kind
        text = self._selections(on, self._inside(kind, place, on), self.rng.randint(1, 4))
        made = _Fragment(f"Part{len(self.fragments)}", on.name, text, place)
        self.fragments.append(made)
        return f"...{made.name} {self._directives()}"

    def _field(self, kind: Composite, place: Place, leads_on: float) -> list[str]:
        """A field; one that leads to objects is now and then asked for twice, to be merged."""
        self.left -= 1
        name, made = self._chosen(kind, place, leads_on)
        if not name:
            return [self._typename()]
        given, arguments = self.arguments.written(kind, name, made, place.rows)
        key = self._key(name, arguments, place)
        target = get_named_type(made.type)
        if not isinstance(target, Composite):
            return [f"{key}{name}{arguments} {self._directives()}"]
        below = self._below(place, name, target, given)
        times = 2 if self.rng.random() < 0.12 else 1
        return [
            f"{key}{name}{arguments} {self._directives()}{self._selections(target, below, self._width(target))}"
            for _ in range(times)
        ]

    def _width(self, kind: Composite) -> int:
        if kind.name.endswith(WRAPPERS):
            return self.rng.choice((1, 1, 2, 3))
        return self.rng.choice((1, 2, 3, 3, 4, 5, 7))

    def _chosen(self, kind: Composite, place: Place, leads_on: float) -> tuple[str, Any]:
        """A field of a type, more often one that leads on while there is room."""
        onward = leading(kind)
        leaves = [name for name in kind.fields if name not in onward]
        full = (place.depth >= self.deepest or self.left <= 0) and kind is not SCHEMA.query_type
        names = leaves if not onward or full or (leaves and self.rng.random() > leads_on) else list(onward)
        if not names:
            return "", None
        [name] = self.rng.choices(names, [self._weight(kind, each) for each in names])
        return name, kind.fields[name]

    def _weight(self, kind: Composite, name: str) -> float:
        if kind is SCHEMA.query_type:
            return 0.15 if self._leads_nowhere(name) else ROOTS.get(name, 1)
        return leading(kind).get(name, 1)

    def _leads_nowhere(self, root: str) -> bool:
        prefix = PREFIXES.get(f"Query.{root}")
        return root in self.pool.refused or (prefix is not None and not self.pool.seen.get(prefix))

    def _below(self, place: Place, name: str, target: Composite, given: dict[str, Any]) -> Place:
        depth = place.depth + (not target.name.endswith(WRAPPERS))
        rows = place.rows
        if target.name.endswith("Connection"):
            rows *= max(1, min(100, given.get("first") or given.get("last") or 1))
        ids = given.get("ids") or [given.get("id")]
        likely = tuple(filter(None, map(type_named_by, ids))) if target.name == "Node" else ()
        return Place(depth, rows * len(ids), likely=likely)

    def _key(self, name: str, arguments: str, place: Place) -> str:
        """The alias: the same for the same field with the same arguments, so that what has one key can be merged."""
        mark = crc32(arguments.encode()) % 1000
        way = self.rng.random()
        if way < 0.12:
            return f"{place.prefix}{self.rng.choice(('a', 'b'))}_{name}_{mark}: "
        if arguments and way < 0.6:
            return f"{place.prefix}{name}_{mark}: "
        return f"{place.prefix}{name}: " if place.prefix else ""

    def _directives(self) -> str:
        text = ""
        for name, kept in (("skip", False), ("include", True)):
            if self.rng.random() < 0.03:
                value = kept if self.rng.random() < 0.75 else not kept
                text += f"@{name}(if: {self.variables.condition(value)}) "
        return text
