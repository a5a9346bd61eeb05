"""Real workers on one database: no job twice, nothing lost by whatever ends them."""

import asyncio
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from tests.mail.conftest import SENDER, Post
from tests.support import factories as make
from tests.support.processes import ROOT, environment
from tests.support.world import World

pytestmark = pytest.mark.slow
SECONDS = 60.0
MAILS = 24


@contextmanager
def working(post: Post, folder: Path, *options: str, **settings: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker's process for a block."""
    configured = {
        "DATABASE_URL": post.client.addresses.worker_url,
        "BAILIWICK_SMTP_URL": post.box.url,
        "BAILIWICK_MAIL_FROM": SENDER,
        "BAILIWICK_MAIL_RETRY_DELAY": "0.1",
        "BAILIWICK_WORKER_HEARTBEAT": "1",
        **settings,
    }
    command = [sys.executable, "-P", "-m", "app", "worker", *options]
    with (folder / f"{uuid4().hex}.log").open("wb") as log:
        env = environment(folder, **configured)
        with subprocess.Popen(command, env=env, cwd=ROOT, stdin=subprocess.PIPE, stdout=log, stderr=log) as process:
            try:
                yield process
            finally:
                process.kill()


async def announced(post: Post, world: World, number: int = MAILS) -> None:
    """So many mails wait in the outbox."""
    async with post.client.session() as session:
        for n in range(number):
            payload = {"to": f"{n}@alder.example", "template": "management_mode_changed", "changed_by": "Meridian IT"}
            await make.outbox_event(session, world.alder.tenant, "mail", payload)


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    deadline = time.monotonic() + SECONDS
    while not await condition():
        assert time.monotonic() < deadline, "it takes too long"
        await asyncio.sleep(0.05)


async def sent(post: Post) -> int:
    return Counter((await post.states()).values())["SENT"]


async def all_sent(post: Post) -> bool:
    return await sent(post) == MAILS


async def test_two_workers_never_do_one_job_twice(post: Post, world: World, tmp_path: Path) -> None:
    with working(post, tmp_path) as one, working(post, tmp_path) as two:
        await announced(post, world)
        await until(lambda: all_sent(post))
        for process in (one, two):
            process.send_signal(signal.SIGTERM)
        assert [process.wait(SECONDS) for process in (one, two)] == [0, 0]
    assert Counter(post.box.ids) == Counter(set(post.box.ids))
    assert len(post.box.ids) == MAILS
    assert {one.attempts for one in await post.log()} == {1}


async def test_a_worker_killed_in_the_middle_loses_no_mail_and_doubles_none_that_was_noted(
    post: Post, world: World, tmp_path: Path
) -> None:
    post.box.seconds = 0.2
    await announced(post, world)

    async def under_way() -> bool:
        return await sent(post) >= MAILS // 4

    with working(post, tmp_path) as first:
        await until(under_way)
        first.kill()
        first.wait()
    noted = {one.message_id for one in await post.log() if one.message_id}
    assert len(noted) < MAILS
    with working(post, tmp_path):
        await until(lambda: all_sent(post))
    times = Counter(post.box.ids)
    assert len(times) == MAILS
    assert {times[str(name)] for name in noted} == {1}
    assert len(post.box.ids) - MAILS <= 10  # those that were with the mail server when it was killed


async def test_a_mail_server_that_is_busy_is_asked_again(post: Post, world: World, tmp_path: Path) -> None:
    post.box.answers = ["451 busy"] * MAILS
    await announced(post, world)
    with working(post, tmp_path):
        await until(lambda: all_sent(post))
    assert Counter(post.box.ids) == Counter(set(post.box.ids))
    assert sum(one.attempts for one in await post.log()) == 2 * MAILS


async def test_a_worker_that_lost_its_database_begins_anew(post: Post, world: World, tmp_path: Path) -> None:
    with working(post, tmp_path) as process:
        await announced(post, world, 1)

        async def works() -> bool:
            return await sent(post) == 1

        await until(works)
        connection = await asyncpg.connect(post.client.addresses.administrator_url)
        ended = await connection.fetchval(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE usename = 'bailiwick_worker' AND datname = current_database()"
        )
        await connection.close()
        assert ended > 0
        await announced(post, world, MAILS - 1)
        await until(lambda: _as_many(post))
        assert process.poll() is None


async def _as_many(post: Post) -> bool:
    return len(post.box.mails) >= MAILS


async def test_a_worker_beside_a_server_ends_with_it(post: Post, world: World, tmp_path: Path) -> None:
    with working(post, tmp_path, "--beside") as process:
        await announced(post, world)
        await until(lambda: all_sent(post))
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(SECONDS) == 0
