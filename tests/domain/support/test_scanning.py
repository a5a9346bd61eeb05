"""Looking for malware by ClamAV's protocol, against a server that speaks it (spec 3, 12)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from domain.support.scanning import ScanError, Scanner
from tests.support.clamd import EICAR, Clamd, clamd


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


@pytest.fixture(name="daemon")
async def _daemon() -> AsyncIterator[Clamd]:
    async with clamd() as running:
        yield running


async def test_spec_3_12_a_clean_file_is_clean(daemon: Clamd) -> None:
    assert await Scanner.from_url(daemon.url).scan(chunks(b"a ", b"log")) is None
    assert daemon.seen == [b"a log"]


async def test_spec_3_12_an_infected_file_is_called_by_name(daemon: Clamd) -> None:
    assert await Scanner.from_url(daemon.url).scan(chunks(EICAR[:30], EICAR[30:])) == "Eicar-Signature"


async def test_spec_3_12_a_large_file_is_streamed(daemon: Clamd) -> None:
    parts = [bytes([n]) * 100_000 for n in range(50)]
    assert await Scanner.from_url(daemon.url).scan(chunks(*parts)) is None
    assert daemon.seen == [b"".join(parts)]


async def test_spec_3_12_the_daemon_listens_at_a_unix_socket_too(tmp_path: Path) -> None:
    async with clamd(tmp_path / "clamd.ctl") as daemon:
        assert await Scanner.from_url(daemon.url).scan(chunks(EICAR)) == "Eicar-Signature"


async def test_spec_3_12_a_file_that_is_too_large_for_the_daemon_is_not_clean(daemon: Clamd) -> None:
    daemon.limit = 10
    with pytest.raises(ScanError, match=r"did not answer|size limit exceeded"):
        await Scanner.from_url(daemon.url).scan(chunks(*[bytes(10)] * 1000))


async def test_spec_3_12_a_daemon_that_hangs_up_says_nothing(daemon: Clamd) -> None:
    daemon.broken = True
    with pytest.raises(ScanError):
        await Scanner.from_url(daemon.url).scan(chunks(b"a log"))


async def test_spec_3_12_a_daemon_that_does_not_answer_in_time_says_nothing(daemon: Clamd) -> None:
    daemon.silent = True
    with pytest.raises(ScanError):
        await replace(Scanner.from_url(daemon.url), seconds=0.2).scan(chunks(b"a log"))


async def test_spec_3_12_without_a_daemon_nothing_is_clean(tmp_path: Path) -> None:
    with pytest.raises(ScanError):
        await Scanner.from_url(f"unix://{tmp_path}/nobody").scan(chunks(b"a log"))


@pytest.mark.parametrize("url", ["", "clamd", "http://host:3310", "tcp://", "tcp://host/path", "unix://relative"])
def test_spec_3_12_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="a scanner is at"):
        Scanner.from_url(url)


def test_spec_3_12_the_port_is_clamavs_own_by_default() -> None:
    assert Scanner.from_url("tcp://scanner") == Scanner("scanner", 3310, "")
