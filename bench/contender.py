"""What takes part in the benchmark: a process that answers over HTTP, and how it is asked."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from bench.questions import DOCUMENTS

Variables: TypeAlias = Mapping[str, Any]
Asked: TypeAlias = tuple[str, Any]
"""The path of a POST, and what its body says, as JSON."""

SERVE = "from app.server import serve; from app.settings import settings; serve(settings(), '{target}')"


@dataclass(frozen=True, slots=True)
class Contender:
    """One of them; a module `bench.peers.NAME` has it as `CONTENDER`.

    The process is started with DATABASE_URL (the application's role: row-level security holds), HOST, PORT,
    BAILIWICK_POOL_SIZE and BAILIWICK_SECRET_KEY in its environment; it is ready when GET /readyz answers 200, and gets
    the platform's access tokens as `Authorization: Bearer`. All its answers are `{"data": …}`.
    """

    name: str
    command: list[str]
    asks: Callable[[str, Variables], Asked | None]
    """How a question of `bench.questions` is put to it; None for what it does not answer."""
    normal: Callable[[str, Any], Any] = lambda _question, data: data
    """The `data` of its answer to a question as the platform would have given it, for comparing field by field."""
    cursor: Callable[[Any], str | None] = lambda data: str(data["customers"]["pageInfo"]["endCursor"])
    """Where the next page of `filtered` begins, from the `data` of its answer; None: the platform's cursor is good."""
    prepare: Callable[[str], None] = lambda _url: None
    """Makes what it needs in the database, as a superuser at this address; done again it changes nothing."""


def asgi(name: str, target: str, asks: Callable[[str, Variables], Asked | None], **more: Any) -> Contender:
    """An ASGI application, made by `target` (`module:function`) and served as the platform is."""
    return Contender(name, [sys.executable, "-c", SERVE.format(target=target)], asks, **more)


def graphql(question: str, variables: Variables) -> Asked:
    """How the platform is asked, and whoever has its schema."""
    return "/graphql", {"query": DOCUMENTS[question], "variables": dict(variables)}


def body(asked: Asked) -> str:
    """The bytes of it, as text."""
    return json.dumps(asked[1], ensure_ascii=False)
