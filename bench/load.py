"""The load generator, in a process of its own: reads a job as JSON, keeps connections busy, writes what it measured.

Every answer is checked: status 200, and the expected text as the body or, where answers differ, in it.
"""

import asyncio
import json
import sys
import time
import uuid
from typing import Any

UNIQUE = b"00000000000000000000000000000000"
"""Replaced in every request by 32 digits that no other has."""

WARM_UP = 0.5


def request(message: dict[str, Any]) -> bytes:
    """The bytes of a request."""
    body: bytes = message["body"].encode()
    headers = {"Host": "127.0.0.1", "Content-Length": str(len(body))} | message["headers"]
    head = [f"POST {message['path']} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*head, "", ""]).encode() + body


class Connection:
    """One connection, one request after the other."""

    def __init__(self, job: dict[str, Any], number: int) -> None:
        message = job["messages"][number % len(job["messages"])]
        self._job = job
        self._request = request(message)
        self._expected, self._exact = message["expected"].encode(), message["exact"]
        self.done: list[tuple[float, float]] = []

    async def run(self, until: float) -> None:
        """Send until it is time to stop."""
        reader, writer = await asyncio.open_connection(self._job["host"], self._job["port"])
        while time.perf_counter() < until:
            started = time.perf_counter()
            writer.write(self._request.replace(UNIQUE, uuid.uuid4().hex.encode()))
            body = await self._answer(reader)
            self.done.append((started, time.perf_counter()))
            if not (body == self._expected if self._exact else self._expected in body):
                raise SystemExit(f"a wrong answer: {body[:2000]!r}")
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader) -> bytes:
        status, *lines = (await reader.readuntil(b"\r\n\r\n")).lower().split(b"\r\n")
        headers = dict(line.split(b": ", 1) for line in lines if line)
        body = await reader.readexactly(int(headers[b"content-length"]))
        if b" 200 " not in status + b" ":
            raise SystemExit(f"{status!r}: {body[:2000]!r}")
        return body


async def main() -> None:
    """Run the job."""
    job = json.load(sys.stdin)
    begin = time.perf_counter() + WARM_UP
    end = begin + job["seconds"]
    connections = [Connection(job, number) for number in range(job["connections"])]
    await asyncio.gather(*(connection.run(end) for connection in connections))
    done = [each for connection in connections for each in connection.done]
    timed = sorted(stop - start for start, stop in done if begin <= stop <= end)
    json.dump(
        {
            "sent": len(done),
            "rate": len(timed) / job["seconds"],
            "p50": timed[len(timed) // 2],
            "p99": timed[len(timed) * 99 // 100],
            "load": time.process_time() / (WARM_UP + job["seconds"]),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    asyncio.run(main())
