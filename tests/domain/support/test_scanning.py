"""What is made of a scanner that fails, and of its address (spec 3, 12); of a real one: `test_clamav`."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from domain.support.scanning import LONGEST_ANSWER, ScanError, Scanner
from tests.support.broken_scanner import broken_scanner

BROKEN = {
    "hangs up": b"",
    "hangs up in the middle of its answer": b"stream: OK",
    "says too much": b"stream: OK" + b" " * 2 * LONGEST_ANSWER + b"\0",
    "says what nobody knows": b"stream: perhaps\0",
    "fails": b"stream: Can't allocate memory ERROR\0",
}


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


@pytest.mark.parametrize("says", BROKEN.values(), ids=BROKEN)
async def test_spec_3_12_what_a_broken_scanner_says_is_no_verdict(says: bytes) -> None:
    async with broken_scanner(says) as url:
        with pytest.raises(ScanError):
            await Scanner.from_url(url).scan(chunks(b"a log"))


async def test_spec_3_12_a_scanner_that_does_not_answer_in_time_says_nothing() -> None:
    async with broken_scanner(None) as url:
        with pytest.raises(ScanError):
            await replace(Scanner.from_url(url), seconds=0.2).scan(chunks(b"a log"))


async def test_spec_3_12_without_a_daemon_nothing_is_clean(tmp_path: Path) -> None:
    with pytest.raises(ScanError):
        await Scanner.from_url(f"unix://{tmp_path}/nobody").scan(chunks(b"a log"))


@pytest.mark.parametrize("url", ["", "clamd", "http://host:3310", "tcp://", "tcp://host/path", "unix://relative"])
def test_spec_3_12_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="a scanner is at"):
        Scanner.from_url(url)


def test_spec_3_12_the_port_is_clamavs_own_by_default() -> None:
    assert Scanner.from_url("tcp://scanner") == Scanner("scanner", 3310, "")
