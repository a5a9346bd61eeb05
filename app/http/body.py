"""Reads a request body within its size and its time."""

from starlette.requests import ClientDisconnect, Request
from starlette.types import Receive

from app.http.errors import BodyTimeoutError, BodyTooLargeError
from app.http.headers import header
from app.http.running import Limit


async def read_body(request: Request, most: int, seconds: float) -> bytes:
    """The whole body, at most `most` bytes, arrived within `seconds`; counted as it comes, header or not."""
    refuse_declared(request, most)
    try:
        with Limit(seconds):
            return await _collect(request.receive, most)
    except TimeoutError:
        raise BodyTimeoutError(f"The body did not arrive within {seconds:g} seconds.") from None


def refuse_declared(request: Request, most: int) -> None:
    """Raise `BodyTooLargeError` where the header says already that there are more than `most` bytes."""
    declared = header(request.scope, b"content-length")
    if declared and declared.isdecimal() and int(declared[:20]) > most:
        raise too_large(most)


async def _collect(receive: Receive, most: int) -> bytes:
    chunks: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk, more = message.get("body", b""), message.get("more_body", False)
        size += len(chunk)
        if size > most:
            raise too_large(most)
        chunks.append(chunk)
    return b"".join(chunks)


def too_large(most: int) -> BodyTooLargeError:
    """What refuses a body that is larger."""
    return BodyTooLargeError(f"The body is larger than {most:,} bytes.", what="body", limit=most)
