"""Who takes part, in the order of the table."""

import os
from collections.abc import Callable
from importlib import import_module

from bench.contender import Asked, Contender, Variables, asgi, graphql

PEERS = ("usual", "postgraphile", "handwritten")


def _viewer_at(path: str) -> Callable[[str, Variables], Asked | None]:
    def asks(question: str, _variables: Variables) -> Asked | None:
        return (path, {}) if question == "viewer" else None

    return asks


OURS = asgi("ours", "app.main:create", graphql)
FLOOR = asgi("floor", "bench.peers.floor:create", graphql)
"""The platform's own schema under graphql-core."""
BARE = asgi("bare", "bench.peers.bare:create", _viewer_at("/session"))
SIGNATURE = asgi("signature", "bench.peers.bare:create", _viewer_at("/signature"))


def contenders() -> list[Contender]:
    """All of them, or those that BENCH_CONTENDERS names; the platform always, as it gives the tokens."""
    wanted = os.environ.get("BENCH_CONTENDERS")
    own = {each.name: each for each in (OURS, FLOOR, BARE, SIGNATURE)}
    names = wanted.split(",") if wanted else ["ours", *PEERS, "floor", "bare", "signature"]
    if unknown := set(names) - {*own, *PEERS}:
        raise SystemExit(f"BENCH_CONTENDERS: there is no {', '.join(sorted(unknown))}")
    return [own.get(name) or _peer(name) for name in dict.fromkeys(("ours", *names))]


def _peer(name: str) -> Contender:
    found: Contender = import_module(f"bench.peers.{name}").CONTENDER
    return found
