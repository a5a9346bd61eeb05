"""Scanners that fail as the real one, of `tests.support.clamav`, cannot be made to."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def broken_scanner(says: bytes | None = b"") -> AsyncIterator[str]:
    """The address of one that takes a file, says this of any, and hangs up; None: it never says anything."""
    over = asyncio.Event()

    async def answer(reader: StreamReader, writer: StreamWriter) -> None:
        try:
            await reader.readuntil(b"\0")
            while length := int.from_bytes(await reader.readexactly(4), "big"):
                await reader.readexactly(length)
            if says is None:
                await over.wait()
            else:
                writer.write(says)
                await writer.drain()
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    try:
        yield f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        over.set()
        server.close()
        await server.wait_closed()
