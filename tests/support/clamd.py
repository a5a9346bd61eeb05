"""A server that speaks ClamAV's protocol, over real sockets: it finds the test file that every scanner knows."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


@dataclass
class Clamd:
    """What it is asked, and how it answers; `limit` is its StreamMaxLength. `broken` hangs up on whoever asks."""

    url: str = ""
    limit: int = 100_000_000
    broken: bool = False
    silent: bool = False
    seen: list[bytes] = field(default_factory=list)

    async def answer(self, reader: StreamReader, writer: StreamWriter) -> None:
        """One connection, one command."""
        try:
            if not self.broken:
                writer.write(await self._verdict(reader) + b"\0")
                await writer.drain()
        finally:
            writer.close()

    async def _verdict(self, reader: StreamReader) -> bytes:
        if await reader.readuntil(b"\0") != b"zINSTREAM\0":
            return b"UNKNOWN COMMAND"
        content = b""
        while length := int.from_bytes(await reader.readexactly(4), "big"):
            content += await reader.readexactly(length)
            if len(content) > self.limit:
                return b"INSTREAM size limit exceeded. ERROR"
        self.seen.append(content)
        if self.silent:
            await asyncio.sleep(60)
        return b"stream: Eicar-Signature FOUND" if EICAR in content else b"stream: OK"


@asynccontextmanager
async def clamd(socket: Path | None = None) -> AsyncIterator[Clamd]:
    """One that listens on a free port, or at a Unix socket."""
    made = Clamd()
    if socket is None:
        server = await asyncio.start_server(made.answer, "127.0.0.1", 0)
        made.url = f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    else:
        server = await asyncio.start_unix_server(made.answer, socket)
        made.url = f"unix://{socket}"
    async with server:
        yield made
