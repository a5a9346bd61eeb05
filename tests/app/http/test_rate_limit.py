"""The hourly budget of cost (spec 8: `rateLimit`)."""

from datetime import UTC, datetime, timedelta

import pytest

from app.http.negotiation import JSON
from app.http.rate_limit import RateLimitedError, RateLimiter
from tests.app.http.client import client, code
from tests.app.http.server import Options

START = datetime(2026, 3, 1, 10, 59, 0, tzinfo=UTC)


class Clock:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


def test_each_request_takes_its_cost() -> None:
    limiter = RateLimiter(100, Clock())
    limiter.charge("a", 30)
    state = limiter.charge("a", 50)
    assert (state.cost, state.limit, state.remaining) == (50, 100, 20)
    assert state.reset_at == START + timedelta(minutes=1)


def test_what_is_refused_takes_nothing() -> None:
    limiter = RateLimiter(100, Clock())
    limiter.charge("a", 90)
    with pytest.raises(RateLimitedError) as refused:
        limiter.charge("a", 11)
    assert refused.value.retry_after == 60
    assert limiter.charge("a", 10).remaining == 0


def test_principals_have_budgets_of_their_own() -> None:
    limiter = RateLimiter(100, Clock())
    limiter.charge("a", 100)
    assert limiter.charge("b", 1).remaining == 99


def test_the_next_hour_begins_anew() -> None:
    clock = Clock()
    limiter = RateLimiter(100, clock)
    limiter.charge("a", 100)
    clock.now += timedelta(minutes=1)
    assert limiter.charge("a", 1).remaining == 99


async def test_the_operation_carries_the_budget() -> None:
    async with client(Options(rate_limit=1000)) as bailiwick:
        await bailiwick.ask("{ customers(first: 100) { nodes { id } } }", as_="staff")
        answer = await bailiwick.ask("{ rateLimit { cost limit remaining } }", as_="staff")
    assert answer.json()["data"]["rateLimit"] == {"cost": 1, "limit": 1000, "remaining": 899}


async def test_a_spent_budget_is_429_with_the_time_to_wait() -> None:
    async with client(Options(rate_limit=150)) as bailiwick:
        query = "{ customers(first: 100) { nodes { id } } }"
        assert (await bailiwick.ask(query, as_="staff")).status_code == 200
        for accept in (JSON, "application/graphql-response+json"):
            answer = await bailiwick.ask(query, as_="staff", accept=accept)
            assert (answer.status_code, code(answer)) == (429, "RATE_LIMITED")
            assert 1 <= int(answer.headers["retry-after"]) <= 3600
        assert (await bailiwick.ask(query, as_="partner")).status_code == 200
