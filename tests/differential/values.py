"""What arguments are given: mostly what finds something, now and then what is refused."""

from datetime import timedelta
from random import Random
from typing import Any, Final

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
    is_required_input_field,
)

from resolvers.nodes import NODES
from tests.differential.pool import Pool
from tests.support.demo import NOW

REFUSED_PAGES: Final[tuple[dict[str, Any], ...]] = (
    {},
    {"first": 0},
    {"first": 101},
    {"last": 0},
    {"first": -1},
    {"first": 2, "last": 2},
    {"first": None, "last": None},
    {"first": 2, "after": ""},
    {"first": 2, "after": "bm8gY3Vyc29y"},
    {"last": 2, "before": "~~~~"},
    {"first": 2, "before": "WzFd"},
    {"last": 2, "after": "WzFd"},
)
MALFORMED: Final = (
    "",
    "x",
    "ticket",
    "ticket_12",
    "nobody_" + "0" * 32,
    "Ticket:1",
    "customer_" + "G" * 32,
    "ünïcode_" + "0" * 32,
)
PREFIXES: Final = {
    "Query.tenant": "tenant",
    "Query.customer": "customer",
    "Query.service": "service",
    "Query.ticket": "ticket",
    "Query.entitlement": "entitlement",
    "Query.supportContract": "contract",
    "Query.bulkOperation": "bulk",
    "Query.exportJob": "export",
    "Query.exportSchedule": "exportschedule",
    "Query.webhook": "webhook",
    "Query.ticketAppointmentSlots": "ticket",
    "ticketId": "ticket",
    "assigneeIds": "user",
    "regionIds": "region",
    "tenantId": "tenant",
    "tenantIds": "tenant",
    "serviceId": "service",
    "serviceIds": "service",
    "channelId": "channel",
    "subscriptionProductIds": "service",
    "actorUserId": "user",
}
"""Of what kind the id is that an argument (of a field) or an input field takes; others take any."""
WORDS: Final = {
    "countries": "country",
    "tags": "tag",
    "actions": "action",
    "number": "number",
    "Query.customers": "customer",
    "Query.services": "service",
    "search": "ticket",
}
OFTEN: Final = ("ticket", "customer", "tenant", "contract", "entitlement", "subscription", "customerservice")


class Values:
    """Values for the arguments of one query."""

    def __init__(self, rng: Random, pool: Pool) -> None:
        self._rng = rng
        self._pool = pool

    def page(self, connection: str, most: int, refused: float) -> dict[str, Any]:
        """The four arguments of a connection: a small page, here and there after a real cursor."""
        rng = self._rng
        if rng.random() < refused:
            return dict(rng.choice(REFUSED_PAGES))
        size, cursor = ("first", "after") if rng.random() < 0.8 else ("last", "before")
        given: dict[str, Any] = {size: rng.randint(1, max(1, most))}
        way = rng.random()
        if way < 0.12 and self._pool.cursors.get(connection):
            given[cursor] = rng.choice(self._pool.cursors[connection])
        elif way < 0.12 + refused / 2 and self._pool.cursors:
            given[cursor] = rng.choice(self._pool.cursors[rng.choice(sorted(self._pool.cursors))])
        elif way > 0.96:
            given[cursor] = None
        return given

    def argument(self, field: str, name: str, kind: GraphQLInputType) -> Any:
        """A value for an argument of a `field` (`Type.name`)."""
        if field == "Query.nodes":
            return [self.id_of(self.any_prefix()) for _ in range(self._rng.choice((0, 1, 2, 3, 4, 6)))]
        return self._value((field, name), kind)

    def id_of(self, prefix: str) -> str:
        """An id of one kind that the asker sees; sometimes of something else, or of nothing."""
        rng, way = self._rng, self._rng.random()
        if way < 0.91 and self._pool.seen.get(prefix):
            return rng.choice(self._pool.seen[prefix])
        if way < 0.955 and self._pool.unseen.get(prefix):
            return rng.choice(self._pool.unseen[prefix])
        if way < 0.97:
            return rng.choice(MALFORMED)
        if way < 0.98:
            return f"{prefix}_{rng.getrandbits(128):032x}"
        other = self.any_prefix()
        return rng.choice(self._pool.seen.get(other) or self._pool.unseen.get(other) or list(MALFORMED))

    def any_prefix(self) -> str:
        """The prefix of any kind of id, most often of one that leads far."""
        seen = [prefix for prefix in OFTEN if self._pool.seen.get(prefix)]
        return self._rng.choice(seen) if seen and self._rng.random() < 0.5 else self._rng.choice(sorted(NODES))

    def _value(self, path: tuple[str, ...], kind: GraphQLInputType) -> Any:
        if isinstance(kind, GraphQLNonNull):
            return self._some(path, kind.of_type)
        return None if self._rng.random() < 0.06 else self._some(path, kind)

    def _some(self, path: tuple[str, ...], kind: GraphQLInputType) -> Any:
        rng = self._rng
        if isinstance(kind, GraphQLList):
            return [self._value(path, kind.of_type) for _ in range(rng.choice((0, 1, 1, 2, 2, 3)))]
        if isinstance(kind, GraphQLEnumType):
            return rng.choice(sorted(kind.values))
        if isinstance(kind, GraphQLInputObjectType):
            return self._object(kind)
        return self._scalar(path, get_named_type(kind).name)

    def _object(self, kind: GraphQLInputObjectType) -> dict[str, Any]:
        chosen = self._rng.sample(sorted(kind.fields), min(len(kind.fields), self._rng.choice((0, 1, 1, 1, 2, 3))))
        required = [name for name, made in kind.fields.items() if is_required_input_field(made)]
        names = dict.fromkeys((*chosen, *required))
        return {name: self._value((kind.name, name), kind.fields[name].type) for name in names}

    def _scalar(self, path: tuple[str, ...], name: str) -> Any:
        rng = self._rng
        if name == "ID":
            return self.id_of(next((PREFIXES[part] for part in path if part in PREFIXES), self.any_prefix()))
        if name == "DateTime":
            return (NOW - timedelta(days=rng.choice((-1, 0, 1, 10, 60, 200, 900)))).isoformat()
        if name == "Date":
            return (NOW + timedelta(days=rng.choice((-30, 0, 1, 30)))).date().isoformat()
        if name == "Boolean":
            return rng.random() < 0.5
        if name == "Int":
            return rng.choice((1, 2, 3, 4, 5, 5, 4, 3, 9, 0))
        return self._text(path)

    def _text(self, path: tuple[str, ...]) -> str:
        words = next((self._pool.words.get(WORDS[part], ()) for part in path if part in WORDS), ["a"])
        word = self._rng.choice(words) if words else "a"
        return self._rng.choice((word, word, word, word, word.lower(), "", "%", "no such thing", "é"))
