"""The hourly budget of cost that each principal has (spec 8: `rateLimit`).

Counted in this process: with several workers each has its own window, so the limit given is one worker's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from execution.errors import PublicError

WINDOW: Final = timedelta(hours=1)
MAX_KEYS: Final = 100_000
"""Principals remembered in one window; beyond it the one that came first is forgotten."""


@dataclass(frozen=True, slots=True)
class RateLimit:
    """The budget after this request, in cost; `reset_at` is when the next hour begins."""

    cost: int
    limit: int
    remaining: int
    reset_at: datetime


class RateLimitedError(PublicError):
    """The principal has spent its hour; `retry_after` is in seconds."""

    code = "RATE_LIMITED"

    def __init__(self, state: RateLimit, retry_after: int) -> None:
        super().__init__(
            f"This request costs {state.cost:,}; {state.remaining:,} of {state.limit:,} an hour remain.",
            cost=state.cost,
            limit=state.limit,
            remaining=state.remaining,
            resetAt=state.reset_at.isoformat(),
            retryAfter=retry_after,
        )
        self.retry_after = retry_after


def _utc_now() -> datetime:
    return datetime.now(UTC)


class RateLimiter:
    """A fixed window of one hour for each key."""

    def __init__(self, limit: int, now: Callable[[], datetime] = _utc_now) -> None:
        self._limit = limit
        self._now = now
        self._spent: dict[str, int] = {}
        self._resets_at = datetime.min.replace(tzinfo=UTC)

    def charge(self, key: str, cost: int) -> RateLimit:
        """Take `cost` from the key's hour, or take nothing and raise `RateLimitedError`."""
        now = self._now()
        if now >= self._resets_at:
            self._resets_at, self._spent = now.replace(minute=0, second=0, microsecond=0) + WINDOW, {}
        spent, reset_at = self._spent.get(key, 0), self._resets_at
        if spent + cost > self._limit:
            state = RateLimit(cost, self._limit, self._limit - spent, reset_at)
            raise RateLimitedError(state, max(int((reset_at - now).total_seconds()), 1))
        if key not in self._spent and len(self._spent) >= MAX_KEYS:
            del self._spent[next(iter(self._spent))]
        self._spent[key] = spent + cost
        return RateLimit(cost, self._limit, self._limit - spent - cost, reset_at)
