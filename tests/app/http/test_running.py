"""An operation runs while somebody waits for it, and for as long as time allows."""

import asyncio
from typing import Any

import pytest

from app.http.app import create_app
from app.http.running import Limit
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


async def test_a_limit_ends_what_its_task_awaits() -> None:
    with pytest.raises(TimeoutError), Limit(0.01):
        await asyncio.sleep(30)
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_a_limit_leaves_alone_what_is_done_in_time() -> None:
    with Limit(0.01) as limit:
        await asyncio.sleep(0)
    await asyncio.sleep(0.03)
    assert not limit.over


async def test_a_task_that_is_cancelled_within_a_limit_is_cancelled() -> None:
    async def limited() -> None:
        with Limit(30):
            await asyncio.sleep(30)

    task = asyncio.create_task(limited())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_task_that_is_cancelled_as_its_limit_ends_is_cancelled() -> None:
    async def limited() -> None:
        with Limit(30) as limit:
            limit.end()
            task.cancel()
            await asyncio.sleep(30)

    task = asyncio.create_task(limited())
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_what_goes_wrong_as_a_limit_ends_is_told() -> None:
    async def cut_short() -> None:
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            raise ValueError("half of it is done") from None

    with pytest.raises(ValueError, match="half of it"), Limit(0.01):
        await cut_short()
