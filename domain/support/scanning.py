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
    """Ask, and send the file, as long as the daemon listens: one that has seen enough (its `StreamMaxLength`) hangs up.

    What writes to a connection that is closed raises whatever its event loop likes: nothing is written to one.
    """
    with suppress(ConnectionError):
        writer.write(b"zINSTREAM\0")
        async for frame in _frames(chunks):
            if writer.is_closing():
                return
            writer.write(frame)
            await writer.drain()


async def _frames(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Each chunk with its length before it, and one of no bytes where the file ends: what follows that is not read."""
    async for chunk in chunks:
        if chunk:
            yield len(chunk).to_bytes(4) + chunk
    yield bytes(4)


def _verdict(answer: bytes) -> str | None:
    text = answer.rstrip(b"\0").decode(errors="replace").strip().removeprefix("stream: ")
    if text == "OK":
        return None
    if text.endswith(" FOUND"):
        return text.removesuffix(" FOUND")[:200]
    raise ScanError(f"the scanner says: {text[:200]}")
