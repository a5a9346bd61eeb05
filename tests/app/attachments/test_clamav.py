"""A server, a worker and a real ClamAV, each a process of its own: no file is handed out unscanned (spec 3, 12)."""

import os
import time
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import httpx
import psutil
import pytest

from tests.app.attachments.sending import QUARANTINED, SECONDS, WITHHELD, Sender
from tests.support.clamav import EICAR, LIMIT, NEEDS_CLAMAV, ClamAV, clamav
from tests.support.platform import demo_platform
from tests.support.postgres import Database, Server, migrated_database
from tests.support.processes import environment
from tests.support.workers import working

pytestmark = [pytest.mark.thorough, NEEDS_CLAMAV]
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(scope="module", name="daemon")
def _daemon() -> Iterator[ClamAV]:
    with clamav() as running:
        yield running


@pytest.fixture(scope="module", name="database")
def _database(server: Server) -> Iterator[Database]:
    with migrated_database(server, f"scanned_{WORKER}") as migrated:
        yield migrated


@pytest.fixture(scope="module", name="folder")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scanned")


@pytest.fixture(scope="module", name="sender")
def _sender(folder: Path, database: Database, daemon: ClamAV) -> Iterator[Sender]:
    with demo_platform(folder, database, BAILIWICK_SCANNER_URL=daemon.url) as platform:
        yield Sender.of(platform)


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it takes too long"
        time.sleep(0.05)


def asking(daemon: ClamAV) -> int:
    """How many connections to the scanner are open."""
    return sum(each.raddr[1:] == (daemon.port,) for each in psutil.net_connections("tcp"))


def zipped(content: bytes) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tool.com", content)
    return packed.getvalue()


def test_spec_3_12_a_clean_file_is_handed_out(sender: Sender) -> None:
    file = sender.sent(b"a log")
    assert sender.seen(file)["scanState"] == "CLEAN"
    assert sender.got(file) == b"a log"


@pytest.mark.parametrize("content", [EICAR, zipped(EICAR)], ids=["plain", "zipped"])
def test_spec_3_12_an_infected_file_is_in_quarantine(sender: Sender, content: bytes) -> None:
    assert sender.seen(sender.sent(content)) == QUARANTINED


def test_spec_3_12_a_file_that_is_too_large_for_the_scanner_is_withheld(sender: Sender) -> None:
    assert sender.seen(sender.sent(b"x" * 2 * LIMIT)) == WITHHELD


def test_spec_3_12_files_are_scanned_again_whose_scanner_was_killed_in_the_middle(
    sender: Sender, daemon: ClamAV, database: Database, folder: Path
) -> None:
    contents, before = (b"a log", EICAR), asking(daemon)
    announced = [sender.announced(len(content)) for content in contents]
    daemon.pause()
    with ThreadPoolExecutor() as threads:
        sending = [
            threads.submit(httpx.put, url, content=content, timeout=SECONDS)
            for (_, url), content in zip(announced, contents, strict=True)
        ]
        until(lambda: asking(daemon) == before + len(contents))
        daemon.kill()
    assert [each.result().status_code for each in sending] == [204, 204]
    clean, infected = (file for file, _ in announced)
    assert [sender.seen(clean), sender.seen(infected)] == [WITHHELD, WITHHELD]
    daemon.start()
    env = environment(folder, DATABASE_URL=database.worker_url, BAILIWICK_SCANNER_URL=daemon.url)
    with working(env, folder / "log"):
        until(lambda: WITHHELD not in (sender.seen(clean), sender.seen(infected)))
    assert (sender.got(clean), sender.seen(infected)) == (b"a log", QUARANTINED)
