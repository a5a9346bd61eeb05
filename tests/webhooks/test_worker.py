"""Real workers: an event arrives, nothing is lost by whatever ends them, and no two send one delivery."""

import asyncio
import signal
import subprocess
from collections import Counter
from contextlib import AbstractContextManager
from pathlib import Path
from uuid import uuid4

import pytest

from tests.support import workers
from tests.support.processes import environment
from tests.support.waiting import SECONDS, until
from tests.support.workers import until_started
from tests.webhooks.conftest import Hooks

pytestmark = pytest.mark.thorough
EVENTS = 8


def working(hooks: Hooks, folder: Path) -> AbstractContextManager["subprocess.Popen[bytes]"]:
    """A worker's process for a block."""
    configured = {
        "DATABASE_URL": hooks.client.addresses.worker_url,
        "BAILIWICK_WEBHOOK_HTTP": "true",
        "BAILIWICK_WEBHOOK_NETWORKS": "127.0.0.0/8",
        "BAILIWICK_WEBHOOK_RETRY_DELAY": "0.1",
        "BAILIWICK_WEBHOOK_TIMEOUT": "1",
        "BAILIWICK_WORKER_HEARTBEAT": "1",
    }
    return workers.working(environment(folder, **configured), folder / f"{uuid4().hex}.log")


async def delivered(hooks: Hooks) -> int:
    return (await hooks.states()).count(("DELIVERED", None))


async def all_delivered(hooks: Hooks) -> bool:
    return await delivered(hooks) == EVENTS


async def test_two_workers_send_each_event_once(hooks: Hooks, tmp_path: Path) -> None:
    await hooks.endpoint()
    hooks.receiver.answers = [503]
    with working(hooks, tmp_path) as one, working(hooks, tmp_path) as two:
        await until_started(tmp_path, 2)
        for _ in range(EVENTS):
            await hooks.reply()
        await until(lambda: all_delivered(hooks))
        for process in (one, two):
            process.send_signal(signal.SIGTERM)
        codes = [await asyncio.to_thread(process.wait, SECONDS) for process in (one, two)]
    assert codes == [0, 0]
    times = Counter(hooks.receiver.ids)
    assert len(times) == EVENTS
    assert sorted(times.values()) == [1] * (EVENTS - 1) + [2]
    assert all(one.verified(hooks.secret) for one in hooks.receiver.received)


async def test_a_worker_killed_in_the_middle_loses_nothing(hooks: Hooks, tmp_path: Path) -> None:
    """What was with the receiver when it was killed comes again, under the same id."""
    await hooks.endpoint()
    for _ in range(EVENTS):
        await hooks.reply()
    hooks.receiver.seconds = 0.3

    async def under_way() -> bool:
        return await delivered(hooks) >= 2

    with working(hooks, tmp_path) as first:
        await until(under_way)
        first.kill()
        first.wait()
    noted = await delivered(hooks)
    assert noted < EVENTS
    with working(hooks, tmp_path):
        await until(lambda: all_delivered(hooks))
    assert len(set(hooks.receiver.ids)) == EVENTS
    assert len(hooks.receiver.ids) <= EVENTS + 6
