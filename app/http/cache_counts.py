"""How often caches helped, for /metrics."""

from collections.abc import Mapping
from typing import Protocol

from prometheus_client import CollectorRegistry, Counter


class CacheCounts(Protocol):
    """What a cache counts from its beginning."""

    @property
    def hits(self) -> int:
        """Lookups that found something."""

    @property
    def misses(self) -> int:
        """Lookups that found nothing."""

    @property
    def evictions(self) -> int:
        """What was dropped to make room."""


class CacheMetrics:
    """Follows the counts of caches, each by its name, with counters that several processes can add up."""

    def __init__(self, caches: Mapping[str, CacheCounts], registry: CollectorRegistry) -> None:
        lookups = Counter("bailiwick_cache_lookups", "Lookups in caches", ["cache", "result"], registry=registry)
        evictions = Counter("bailiwick_cache_evictions", "What caches dropped", ["cache"], registry=registry)
        self._followed = [
            _Followed(counts, (lookups.labels(name, "hit"), lookups.labels(name, "miss"), evictions.labels(name)))
            for name, counts in caches.items()
        ]

    def update(self) -> None:
        """Add what the caches have counted since the last time."""
        for each in self._followed:
            each.update()


class _Followed:
    """One cache, and what is known of its counts."""

    def __init__(self, counts: CacheCounts, counters: tuple[Counter, Counter, Counter]) -> None:
        self._counts = counts
        self._counters = counters
        self._seen = (0, 0, 0)

    def update(self) -> None:
        """Add the differences."""
        now = (self._counts.hits, self._counts.misses, self._counts.evictions)
        for counter, count, seen in zip(self._counters, now, self._seen, strict=True):
            if count != seen:
                counter.inc(count - seen)
        self._seen = now
