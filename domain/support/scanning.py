"""Looking for malware: ClamAV's daemon, asked as its protocol has it (`INSTREAM`); without one nothing is scanned.

The bytes are streamed to it; it answers `stream: OK`, `stream: NAME FOUND` or an error, and ends each with a zero byte.
"""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import urlsplit

PORT: Final = 3310
LONGEST_ANSWER: Final = 4096


class ScanError(Exception):
    """The scanner could not be asked, or did not say."""


@dataclass(frozen=True, slots=True)
class Scanner:
    """A daemon on a TCP port or, where there is a path, at a Unix socket; `seconds` are those of one file."""

    host: str
    port: int
    path: str
    seconds: float = 60.0

    @classmethod
    def from_url(cls, url: str) -> Self:
        """`tcp://host:3310` or `unix:///run/clamav/clamd.ctl`."""
        parts = urlsplit(url)
        if parts.scheme == "unix" and parts.path and not parts.netloc:
            return cls("", 0, parts.path)
        if parts.scheme == "tcp" and parts.hostname and not parts.path.strip("/"):
            return cls(parts.hostname, parts.port or PORT, "")
        raise ValueError("a scanner is at tcp://host:port or unix:///path")

    async def scan(self, chunks: AsyncIterator[bytes]) -> str | None:
        """The name of what is wrong with these bytes, None where they are clean; raises ScanError."""
        try:
            async with asyncio.timeout(self.seconds), self._connection() as (reader, writer):
                await _send(chunks, writer)
                return _verdict(await reader.readuntil(b"\0"))
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
            raise ScanError("the scanner did not answer") from error

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[tuple[StreamReader, StreamWriter]]:
        if self.path:
            reader, writer = await asyncio.open_unix_connection(self.path, limit=LONGEST_ANSWER)
        else:
            reader, writer = await asyncio.open_connection(self.host, self.port, limit=LONGEST_ANSWER)
        try:
            yield reader, writer
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


async def _send(chunks: AsyncIterator[bytes], writer: StreamWriter) -> None:
    """Each chunk with its length before it, and one of no bytes at the end, and there alone: what follows is not read.

    A daemon that has seen enough (its `StreamMaxLength`) says so and hangs up: what it said is read all the same.
    """
    with suppress(ConnectionError):
        writer.write(b"zINSTREAM\0")
        async for chunk in chunks:
            if chunk:
                writer.write(len(chunk).to_bytes(4) + chunk)
                await writer.drain()
        writer.write(bytes(4))
        await writer.drain()


def _verdict(answer: bytes) -> str | None:
    text = answer.rstrip(b"\0").decode(errors="replace").strip().removeprefix("stream: ")
    if text == "OK":
        return None
    if text.endswith(" FOUND"):
        return text.removesuffix(" FOUND")[:200]
    raise ScanError(f"the scanner says: {text[:200]}")
