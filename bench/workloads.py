"""What is asked, of whom, and what the answer is."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import httpx

from bench import expected
from bench.asking import Message, difference, message, normal, plain
from bench.contender import Variables
from bench.expected import PARTNER, TAGS
from bench.load import UNIQUE
from bench.postgres import Postgres
from bench.targets import Target
from execution.ids import encode

PAGE, PAGE_SIZE = 40, 5
SEARCHES = 200
WRITERS, WRITERS_PARTNER = 8, "admin@partner-2.example"
NO_ERRORS = re.compile(r'"userErrors":\s*\[\]')
_SUMMARIES = """
SELECT t.summary FROM ticket t JOIN management_relationship c ON c.customer_tenant_id = t.tenant_id
WHERE c.tenant_id = (SELECT tenant_id FROM membership m JOIN user_account u ON u.id = m.user_id WHERE u.email = $1)
ORDER BY hashtext(t.number) LIMIT $2
"""
_INVITING = """
SELECT DISTINCT ON (c.search_name) c.customer_tenant_id, c.registered_account, s.service_id
FROM management_relationship c JOIN service_subscription s ON s.tenant_id = c.customer_tenant_id
JOIN service v ON v.id = s.service_id JOIN support_channel h ON h.id = v.channel_id
WHERE h.key = 'portal' AND c.tenant_id = (
  SELECT tenant_id FROM membership m JOIN user_account u ON u.id = m.user_id WHERE u.email = $1)
ORDER BY c.search_name, s.id LIMIT $2
"""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question's variables, who asks, and the `data` of the answer; None where each answer is another."""

    email: str
    variables: Variables
    wanted: Any


@dataclass(frozen=True, slots=True)
class Workload:
    """Lines of the table; connections take turns with the exchanges. `page` is the one that `filtered` asks for."""

    key: str
    title: str
    question: str
    exchanges: list[Exchange]
    page: int = 1

    @property
    def writes(self) -> bool:
        """Whether each request adds a ticket."""
        return self.question == "invite"


class Workloads:
    """Makes workloads for one database; `ours` gives the tokens."""

    def __init__(self, postgres: Postgres, ours: Target) -> None:
        self._postgres = postgres
        self._ours = ours
        self._tokens: dict[str, str] = {}

    def of(self, key: str) -> Workload:
        """The workload of this name."""
        title, question, exchanges = {**LISTS, **OTHERS}[key]
        return Workload(key, title, question, list(exchanges(self)), PAGE if question == "filtered" else 1)

    def messages(self, workload: Workload, target: Target) -> list[Message]:
        """How a contender is asked, once its answers were found right; none where it does not answer."""
        found = []
        for exchange in workload.exchanges:
            asked = message(
                target, self.token(exchange.email), workload.question, self._at_page(workload, exchange, target)
            )
            if asked is None:
                return []
            found.append(_checked(target, workload, exchange, asked))
        return found

    def token(self, email: str) -> str:
        """Somebody's access token."""
        if email not in self._tokens:
            self._tokens[email] = self._ours.token(email)
        return self._tokens[email]

    def lists(self, first: int) -> Iterator[Exchange]:
        """The first customers."""
        yield Exchange(PARTNER, {"first": first}, expected.customers(self._postgres, first))

    def one(self) -> Iterator[Exchange]:
        """One customer."""
        key, wanted = expected.customer(self._postgres)
        yield Exchange(PARTNER, {"id": key}, wanted)

    def viewer(self) -> Iterator[Exchange]:
        """Nothing but who asks."""
        yield Exchange(PARTNER, {}, expected.viewer(self._postgres))

    def searches(self) -> Iterator[Exchange]:
        """Two words each, of a ticket that there is."""
        random = Random("bailiwick bench")
        for (summary,) in self._postgres.rows(_SUMMARIES, PARTNER, SEARCHES):
            words = random.sample(sorted({*summary.lower().strip(".").split()}), 2)
            yield Exchange(PARTNER, {"search": " ".join(words)}, expected.search(self._postgres, words))

    def filtered(self) -> Iterator[Exchange]:
        """A page far down."""
        wanted = expected.filtered(self._postgres, PAGE_SIZE, PAGE)
        yield Exchange(PARTNER, {"tags": list(TAGS), "first": PAGE_SIZE, "after": None}, wanted)

    def invitations(self) -> Iterator[Exchange]:
        """By owners of another partner's customers: what is read stays as it was checked."""
        for tenant, email, service in self._postgres.rows(_INVITING, WRITERS_PARTNER, WRITERS):
            invitation = _invitation(encode("tenant", tenant), email, encode("service", service))
            yield Exchange(email, {"input": invitation}, None)

    def _at_page(self, workload: Workload, exchange: Exchange, target: Target) -> Variables:
        """The variables, with the cursor at which the page begins for this contender."""
        variables = dict(exchange.variables)
        for _ in range(1, workload.page):
            variables["after"] = self._next(workload, exchange, target, variables)
        return variables

    def _next(self, workload: Workload, exchange: Exchange, target: Target, variables: Variables) -> str | None:
        for each in (target, self._ours):
            asked = message(each, self.token(exchange.email), workload.question, variables)
            cursor = each.contender.cursor(_data_of(asked)) if asked else None
            if cursor or not asked:
                return cursor
        return None


def _checked(target: Target, workload: Workload, exchange: Exchange, asked: Message) -> Message:
    """The message, once its answer was found right."""
    if workload.writes:
        done = NO_ERRORS.search(asked.expected)
        if done is None:
            raise SystemExit(f"{target.name} invited nobody: {asked.expected[:3000]}")
        return replace(asked, expected=done.group(), exact=False)
    found = normal(target, workload.question, _data_of(asked))
    if wrong := difference(found, plain(exchange.wanted)):
        raise SystemExit(f"{target.name}, ({workload.key}) {dict(exchange.variables)}: {wrong}")
    return asked


def _data_of(asked: Message) -> Any:
    return httpx.Response(200, text=asked.expected).json()["data"]


def _invitation(tenant: str, email: str, service: str) -> dict[str, Any]:
    return {
        "idempotencyKey": UNIQUE.decode(),
        "tenantId": tenant,
        "serviceId": service,
        "summary": "Restore stops at 40 %",
        "issueType": "TROUBLESHOOT",
        "severity": 4,
        "details": "Every restore since Monday.",
        "contact": {"name": "Zoë Dvořák", "email": email},
    }


Made = tuple[str, str, Callable[[Workloads], Iterator[Exchange]]]


def _list(first: int) -> Made:
    return f"{first} customers", "customers", lambda made: made.lists(first)


LISTS: dict[str, Made] = {"a": _list(50), "b": _list(5), "a1": _list(1), "a10": _list(10), "a100": _list(100)}
OTHERS: dict[str, Made] = {
    "c": ("one customer, three levels", "customer", Workloads.one),
    "d": ("viewer", "viewer", Workloads.viewer),
    "e": ("search by words", "search", Workloads.searches),
    "f": (f"filtered, page {PAGE}", "filtered", Workloads.filtered),
    "g": (f"{WRITERS} writers", "invite", Workloads.invitations),
}
