"""The load generator, in a process of its own: reads a job as JSON, keeps connections busy, writes what it measured.

Every answer is checked: status 200, and the expected text as the body or, where answers differ, in it.
"""

import asyncio
import gc
import json
import sys
import time
import uuid
from contextlib import suppress
from functools import partial
from itertools import cycle
from typing import Any

UNIQUE = b"00000000000000000000000000000000"
"""Replaced in every request by 32 digits that no other has."""

WARM_UP = 0.5
END_OF_HEAD = b"\r\n\r\n"
LAST_CHUNK = b"0\r\n\r\n"


def request(message: dict[str, Any]) -> bytes:
    """The bytes of a request."""
    body: bytes = message["body"].encode()
    headers = {"Host": "127.0.0.1", "Content-Length": str(len(body))} | message["headers"]
    head = [f"POST {message['path']} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*head, "", ""]).encode() + body


def body_of(answer: bytearray) -> bytes | None:
    """The body of an answer, as soon as it is whole; raises for a status that is not 200."""
    end = answer.find(END_OF_HEAD)
    if end < 0:
        return None
    head, start = bytes(answer[:end]).lower(), end + len(END_OF_HEAD)
    if not head.startswith(b"http/1.1 200"):
        raise ValueError(f"not a good answer: {bytes(answer[:2000])!r}")
    _, found, length = head.partition(b"\r\ncontent-length: ")
    if found:
        size = int(length.partition(b"\r\n")[0])
        return bytes(answer[start:]) if len(answer) - start >= size else None
    return _joined(bytes(answer[start:])) if answer.endswith(LAST_CHUNK) else None


def _joined(chunked: bytes) -> bytes:
    """The chunks of a body one after the other."""
    body = b""
    while chunked:
        size, _, rest = chunked.partition(b"\r\n")
        length = int(size, 16)
        body, chunked = body + rest[:length], rest[length + 2 :]
    return body


class Connection(asyncio.Protocol):
    """One connection: each request when the answer to the one before is there, in turn with the messages given."""

    def __init__(self, messages: list[dict[str, Any]], until: float) -> None:
        sent = [(request(each), each["expected"].encode(), each["exact"]) for each in messages]
        self._messages = cycle(sent)
        self._until = until
        self._answer = bytearray()
        self.done: list[tuple[float, float]] = []
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        """Begin."""
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        """Part of an answer."""
        self._answer += data
        try:
            body = body_of(self._answer)
            if body is not None:
                self._check(body)
        except ValueError as error:
            self._end(error)

    def connection_lost(self, _error: Exception | None) -> None:
        """The server ended it, or we did."""
        self._end(ConnectionError("the server closed a connection"))

    def _send(self) -> None:
        message, self._expected, self._exact = next(self._messages)
        self._answer.clear()
        self._started = time.perf_counter()
        self._transport.write(message.replace(UNIQUE, uuid.uuid4().hex.encode()))

    def _check(self, body: bytes) -> None:
        now = time.perf_counter()
        self.done.append((self._started, now))
        if not (body == self._expected if self._exact else self._expected in body):
            raise ValueError(f"a wrong answer: {body[:2000]!r}")
        if now < self._until:
            self._send()
        else:
            self._end(None)

    def _end(self, error: Exception | None) -> None:
        if self.ended.done():
            return
        if error is None:
            self.ended.set_result(None)
        else:
            self.ended.set_exception(error)
        self._transport.close()


def _same(connection: Connection) -> Connection:
    return connection


def share(start: float, stop: float, begin: float, end: float) -> float:
    """How much of a request was done in the time that counts: slow ones reach over its ends."""
    return max(0.0, min(stop, end) - max(start, begin)) / (stop - start)


async def main() -> None:
    """Run the job."""
    job = json.load(sys.stdin)
    gc.disable()
    begin = time.perf_counter() + WARM_UP
    end = begin + job["seconds"]
    connections = [
        Connection(job["messages"][place % len(job["messages"]) :: job["connections"]], end)
        for place in range(job["connections"])
    ]
    loop = asyncio.get_running_loop()
    for each in connections:
        await loop.create_connection(partial(_same, each), job["host"], job["port"])
    await asyncio.gather(*(each.ended for each in connections))
    done = [each for connection in connections for each in connection.done]
    timed = sorted(stop - start for start, stop in done if stop > begin)
    json.dump(
        {
            "sent": len(done),
            "rate": sum(share(*each, begin, end) for each in done) / job["seconds"],
            "p50": timed[len(timed) // 2],
            "p99": timed[len(timed) * 99 // 100],
            "load": time.process_time() / (time.perf_counter() - begin + WARM_UP),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    with suppress(ImportError):  # it takes a third less time, and is not there on every system
        import uvloop

        asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    asyncio.run(main())
