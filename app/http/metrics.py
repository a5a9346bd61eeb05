"""What Prometheus reads at /metrics; every label has a small, fixed set of values."""

import asyncio
import os
from collections.abc import Mapping
from functools import cache
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.requests import Request
from starlette.responses import Response

from app.http.cache_counts import CacheCounts, CacheMetrics

METHODS: Final = frozenset({"GET", "POST", "HEAD", "OPTIONS"})
SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
COSTS: Final = (1, 10, 100, 1_000, 10_000, 100_000, 500_000)
SOON: Final = 0.1
"""Seconds after which requests are counted, all together: one by one it takes three times as long."""


class Metrics:
    """The counters of one application in one process, those of its `caches` by their names among them.

    Several workers are read as one when PROMETHEUS_MULTIPROC_DIR names a folder before they start.
    """

    def __init__(
        self, routes: frozenset[str], caches: Mapping[str, CacheCounts], registry: CollectorRegistry | None = None
    ) -> None:
        """`registry` may hold more metrics, which are shown beside these."""
        self._routes = routes
        self._registry = registry or CollectorRegistry()
        self._caches = CacheMetrics(caches, self._registry)
        requests = Counter(
            "bailiwick_http_requests", "HTTP requests", ["route", "method", "status"], registry=self._registry
        )
        seconds = Histogram(
            "bailiwick_http_request_seconds",
            "Time from the first byte read to the last byte written",
            ["route"],
            buckets=SECONDS,
            registry=self._registry,
        )
        operations = Histogram(
            "bailiwick_graphql_operation_seconds",
            "Time of requests that ran a GraphQL operation",
            ["kind", "status"],
            buckets=SECONDS,
            registry=self._registry,
        )
        self._cost = Histogram(
            "bailiwick_graphql_cost", "Cost of GraphQL requests", buckets=COSTS, registry=self._registry
        )
        # Looking labels up takes longer than counting: each combination is looked up once.
        self._requests = cache(requests.labels)
        self._seconds = cache(seconds.labels)
        self._operations = cache(operations.labels)
        self._uncounted: list[tuple[str, str, int, float, str, int | None]] = []

    def observe(self, path: str, method: str, status: int, seconds: float, kind: str, cost: int | None) -> None:
        """Count one request that has ended, soon; `kind` is "none" where no operation ran."""
        if not self._uncounted:
            asyncio.get_running_loop().call_later(SOON, self._count_all)
        self._uncounted.append((path, method, status, seconds, kind, cost))

    def _count_all(self) -> None:
        uncounted, self._uncounted = self._uncounted, []
        for each in uncounted:
            self._count(*each)
        self._caches.update()

    def _count(self, path: str, method: str, status: int, seconds: float, kind: str, cost: int | None) -> None:
        route = path if path in self._routes else "other"
        verb = method if method in METHODS else "other"
        self._requests(route, verb, status).inc()
        self._seconds(route).observe(seconds)
        if cost is not None:
            self._operations(kind, status).observe(seconds)
            self._cost.observe(cost)

    async def page(self, _request: Request) -> Response:
        """The figures in Prometheus' text format."""
        self._count_all()
        registry = self._registry
        if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the package leaves it untyped
        return Response(generate_latest(registry), media_type="text/plain; version=0.0.4; charset=utf-8")
