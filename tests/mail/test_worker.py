"""Real workers on one database: no job twice, nothing lost by whatever ends them."""

import asyncio
import signal
import subprocess
import tempfile
from asyncio import StreamReader, StreamWriter
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit
from uuid import uuid4

import asyncpg
import pytest

from tests.mail.conftest import SENDER, Post
from tests.support import factories as make
from tests.support import workers
from tests.support.processes import environment
from tests.support.waiting import SECONDS, until
from tests.support.workers import said, until_started
from tests.support.world import World

pytestmark = pytest.mark.thorough
MAILS = 24


def working(
    post: Post, folder: Path, *options: str, **settings: str
) -> AbstractContextManager["subprocess.Popen[bytes]"]:
    """A worker's process for a block."""
    configured = {
        "DATABASE_URL": post.client.addresses.worker_url,
        "BAILIWICK_SMTP_URL": post.box.url,
        "BAILIWICK_MAIL_FROM": SENDER,
        "BAILIWICK_MAIL_RETRY_DELAY": "0.1",
        "BAILIWICK_WORKER_HEARTBEAT": "1",
        **settings,
    }
    return workers.working(environment(folder, **configured), folder / f"{uuid4().hex}.log", *options)


async def announced(post: Post, world: World, number: int = MAILS) -> None:
    """So many mails wait in the outbox."""
    async with post.client.session() as session:
        for n in range(number):
            payload = {"to": f"{n}@alder.example", "template": "management_mode_changed", "changed_by": "Meridian IT"}
            await make.outbox_event(session, world.alder.tenant, "mail", payload)


async def sent(post: Post) -> int:
    return Counter((await post.states()).values())["SENT"]


async def all_sent(post: Post) -> bool:
    return await sent(post) == MAILS


async def test_two_workers_never_do_one_job_twice(post: Post, world: World, tmp_path: Path) -> None:
    with working(post, tmp_path) as one, working(post, tmp_path) as two:
        await until_started(tmp_path, 2)
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


@asynccontextmanager
async def starting_up(socket: Path) -> AsyncIterator[None]:
    """What PostgreSQL says while it recovers, to whoever connects."""
    fields = b"SFATAL\0VFATAL\0C57P03\0Mthe database system is starting up\0\0"

    async def refuse(reader: StreamReader, writer: StreamWriter) -> None:
        await reader.read(1024)
        writer.write(b"E" + (len(fields) + 4).to_bytes(4) + fields)
        writer.close()

    async with await asyncio.start_unix_server(refuse, socket):
        yield
    await asyncio.to_thread(socket.unlink, missing_ok=True)


async def test_a_worker_that_is_there_before_its_database_waits_for_it(
    post: Post, world: World, tmp_path: Path
) -> None:
    real = Path(parse_qs(urlsplit(post.client.addresses.worker_url).query)["host"][0])
    await announced(post, world, 1)

    async def works() -> bool:
        return await sent(post) == 1

    with tempfile.TemporaryDirectory() as folder:
        socket = Path(folder) / ".s.PGSQL.5432"
        url = post.client.addresses.worker_url.replace(quote(str(real), safe=""), quote(folder, safe=""))
        with working(post, tmp_path, DATABASE_URL=url) as process:
            await until(lambda: said(tmp_path, "the worker waits for its database"))
            async with starting_up(socket):
                await until(lambda: said(tmp_path, "the database system is starting up"))
            socket.symlink_to(real / socket.name)
            await until(works)
            assert process.poll() is None


async def test_a_worker_that_waits_for_its_database_ends_when_it_is_told_to(post: Post, tmp_path: Path) -> None:
    with working(post, tmp_path, DATABASE_URL="postgresql://nobody@127.0.0.1:1/none") as process:
        await until(lambda: said(tmp_path, "the worker waits for its database"))
        process.terminate()
        assert process.wait(SECONDS) == -signal.SIGTERM


async def test_a_worker_beside_a_server_ends_with_it(post: Post, world: World, tmp_path: Path) -> None:
    with working(post, tmp_path, "--beside") as process:
        await announced(post, world)
        await until(lambda: all_sent(post))
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(SECONDS) == 0
