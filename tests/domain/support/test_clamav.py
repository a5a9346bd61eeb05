"""Looking for malware with a real ClamAV (spec 3, 12)."""

import asyncio
import zipfile
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import uvloop

from domain.support.objects import ObjectStore
from domain.support.scanning import ScanError, Scanner
from tests.support.clamav import EICAR, LIMIT, NEEDS_CLAMAV, THREAT, ClamAV, clamav

pytestmark = [pytest.mark.thorough, NEEDS_CLAMAV]


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def zipped(content: bytes, stuffing: int = 0) -> bytes:
    """An archive in an archive, with this behind that many zeros."""
    for _ in range(2):
        packed = BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("tool.bin", bytes(stuffing) + content)
        content, stuffing = packed.getvalue(), 0
    return content


@pytest.fixture(scope="module", name="daemon")
def _daemon() -> Iterator[ClamAV]:
    with clamav() as running:
        yield running


@pytest.fixture(name="scanner")
def _scanner(daemon: ClamAV) -> Scanner:
    return Scanner.from_url(daemon.url)


async def test_spec_3_12_a_clean_file_is_clean(scanner: Scanner) -> None:
    assert await scanner.scan(chunks(b"a ", b"log")) is None
    assert await scanner.scan(chunks(zipped(b"a log"))) is None
    assert await scanner.scan(chunks()) is None


async def test_spec_3_12_an_infected_file_is_called_by_name(scanner: Scanner) -> None:
    assert await scanner.scan(chunks(EICAR[:30], EICAR[30:])) == THREAT


async def test_spec_3_12_an_infected_file_is_found_in_its_archives(scanner: Scanner) -> None:
    assert await scanner.scan(chunks(zipped(EICAR))) == THREAT


async def test_spec_3_12_a_file_does_not_end_where_no_bytes_come_for_once(scanner: Scanner) -> None:
    assert await scanner.scan(chunks(b"a log", b"", EICAR)) == THREAT


async def test_spec_3_12_a_large_file_is_streamed_to_its_end(scanner: Scanner) -> None:
    parts = [bytes([n]) * 10_000 for n in range(99)]
    assert await scanner.scan(chunks(*parts)) is None
    assert await scanner.scan(chunks(*parts, EICAR)) == THREAT


async def test_spec_3_12_the_daemon_listens_at_a_unix_socket_too(daemon: ClamAV) -> None:
    assert await Scanner.from_url(daemon.local_url).scan(chunks(EICAR)) == THREAT


async def test_spec_3_12_a_file_with_a_part_that_is_too_large_for_the_daemon_is_not_clean(scanner: Scanner) -> None:
    with pytest.raises(ScanError):
        await scanner.scan(chunks(bytes(LIMIT + 1)))


@pytest.mark.parametrize("local", [False, True], ids=["port", "socket"])
@pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def test_spec_3_12_a_file_that_is_too_large_for_the_daemon_is_not_clean(
    daemon: ClamAV, run: Callable[[Coroutine[Any, Any, None]], None], local: bool, tmp_path: Path
) -> None:
    scanner = Scanner.from_url(daemon.local_url if local else daemon.url)
    store = ObjectStore.from_url(tmp_path.as_uri())
    (tmp_path / "large").write_bytes(bytes(3 * LIMIT))

    async def scans() -> None:
        for _ in range(5):  # it hangs up at one instant or another
            with pytest.raises(ScanError):
                await scanner.scan(await store.get("large"))

    run(scans())


@pytest.mark.parametrize(("limit", "value"), [("MaxScanSize", str(LIMIT)), ("MaxRecursion", "1")])
async def test_spec_3_12_an_archive_that_is_not_looked_through_is_not_clean_if_the_daemon_is_to_tell(
    limit: str, value: str
) -> None:
    packed = zipped(EICAR, stuffing=3 * LIMIT)
    with clamav(**{limit: value}) as lenient:
        assert await Scanner.from_url(lenient.url).scan(chunks(packed)) is None
    with clamav(**{limit: value}, AlertExceedsMax="yes") as strict:
        assert await Scanner.from_url(strict.url).scan(chunks(packed)) == f"Heuristics.Limits.Exceeded.{limit}"
