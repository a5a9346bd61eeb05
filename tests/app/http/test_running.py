"""An operation runs while somebody waits for it, and for as long as time allows."""

import asyncio
from typing import Any

import pytest

from app.http.app import create_app
from tests.app.http.client import client, code
from tests.app.http.server import Executor, Options, authenticate, schema


async def test_an_operation_that_runs_too_long_is_stopped() -> None:
    async with client(Options(request_seconds=0.05)) as bailiwick:
        answer = await bailiwick.ask("{ slow(seconds: 30) }")
    assert (answer.status_code, code(answer)) == (503, "TIMEOUT")
    assert len(bailiwick.executor.seen.cancelled) == 1


async def leave(query: str) -> Executor:
    """Send a request over ASGI and leave while it runs; what the executor saw."""
    made = schema()
    executor = Executor(made)
    app = create_app(schema=made, execute=executor, authenticate=authenticate, options=Options())
    gone = asyncio.Event()
    body = b'{"query": "%s"}' % query.encode()
    messages = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> dict[str, Any]:
        if messages:
            return messages.pop()
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(_message: Any) -> None:
        """Nobody listens."""

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
    }
    running = asyncio.create_task(app(scope, receive, send))
    await asyncio.wait_for(executor.seen.begun.wait(), 5)
    gone.set()
    await asyncio.wait_for(running, 5)
    return executor


async def test_a_client_that_leaves_stops_its_query() -> None:
    executor = await leave("{ slow(seconds: 30) }")
    assert (len(executor.seen.cancelled), executor.seen.finished) == (1, [])


async def test_a_mutation_that_has_begun_is_finished() -> None:
    executor = await leave("mutation { slowly(seconds: 0.05) }")
    assert (executor.seen.cancelled, len(executor.seen.finished)) == ([], 1)


@pytest.mark.parametrize("seconds", [0.0, 0.02])
async def test_an_answer_in_time_is_given(seconds: float) -> None:
    async with client() as bailiwick:
        answer = await bailiwick.ask(f"{{ slow(seconds: {seconds}) }}")
    assert answer.json() == {"data": {"slow": "done"}}
