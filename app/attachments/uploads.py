"""The route by which files come in: PUT for a whole one, and tus 1.0 for one that comes in pieces (A11).

tus is a protocol of its own (https://tus.io/protocols/resumable-upload): HEAD tells where an upload stands, PATCH goes
on from there, each with a checksum where a client wants one. Its creation is `attachmentUploadCreate`. A PUT that was
cut is carried on by PATCH, too.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.attachments.answers import NOT_STORED, refusal, refused
from app.attachments.bearers import Bearers
from app.attachments.checksums import ALGORITHMS, Checksum, ChecksumError
from app.attachments.incoming import End, Incoming
from app.clock import Clock
from domain.support.media_types import WrongTypeError
from domain.support.objects import ObjectTooLargeError
from domain.support.permits import Purpose
from domain.support.uploads import PATHS, Uploads
from domain.tickets.files import MOST_BYTES
from domain.tickets.receiving import OffsetError, Progress, Receiver, TooManyPartsError
from domain.tickets.uploads import scan_uploads
from execution.errors import PublicError
from tenancy.database import Database

SECONDS: Final = 300
"""How long one request may bring bytes; what has come by then is kept."""
VERSION: Final = "1.0.0"
TUS: Final = {"Tus-Resumable": VERSION, **NOT_STORED}
OPTIONS: Final = {
    **TUS,
    "Tus-Version": VERSION,
    "Tus-Max-Size": str(MOST_BYTES),
    "Tus-Extension": "checksum",
    "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
}
PIECE: Final = "application/offset+octet-stream"


class ProtocolError(Exception):
    """The request is none that tus knows."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] = TUS) -> None:
        super().__init__(message)
        self.answer = refused(status, "BAD_REQUEST", message, headers)


class UploadRoute:
    """Takes the bytes of announced files from those who announced them."""

    def __init__(self, database: Database, uploads: Uploads, bearers: Bearers, clock: Clock) -> None:
        self._database = database
        self._uploads = uploads
        self._bearers = bearers
        self._clock = clock

    def routes(self) -> list[Route]:
        """For the application."""
        return [Route(PATHS[Purpose.UPLOAD], self.answer, methods=["PUT", "PATCH", "HEAD", "OPTIONS", "POST"])]

    async def answer(self, request: Request) -> Response:
        """204 or 200; 403 for an address that is not good, 409 for a piece that does not fit, 4xx for bad bytes."""
        try:
            return await self._dispatch(request)
        except ProtocolError as error:
            return error.answer
        except PublicError as error:
            return refusal(error)
        except (OffsetError, ObjectTooLargeError, WrongTypeError, TooManyPartsError, ChecksumError) as error:
            return _bad_bytes(error)

    async def _dispatch(self, request: Request) -> Response:
        method = request.method
        if method == "POST":
            method = request.headers.get("x-http-method-override", "").upper()
        if method == "OPTIONS":
            return Response(status_code=204, headers=OPTIONS)
        if method not in {"HEAD", "PATCH", "PUT"}:
            raise ProtocolError(405, "Send PUT, PATCH or HEAD.", {**TUS, "Allow": "PUT, PATCH, HEAD, OPTIONS"})
        if method != "PUT" and request.headers.get("tus-resumable") != VERSION:
            raise ProtocolError(412, f"This is tus {VERSION}.", OPTIONS)
        actor, file_id = await self._bearers(request, Purpose.UPLOAD)
        receiver = Receiver(self._database, self._uploads.store, actor)
        known = await receiver.progress(file_id)
        if method == "HEAD":
            return Response(status_code=200, headers=_standing(known) | {"Upload-Length": str(known.size)})
        return await (self._put if method == "PUT" else self._patch)(request, receiver, known)

    async def _put(self, request: Request, receiver: Receiver, known: Progress) -> Response:
        """The whole file, from its first byte."""
        if known.arrived:
            return refused(409, "CONFLICT", "This file has been uploaded already.", _standing(known))
        incoming = Incoming(request.receive, SECONDS)
        after = await receiver.receive(known, _checked(request, incoming), afresh=True)
        if incoming.end is End.WHOLE and not after.arrived:
            if after is known:
                return refused(400, "REQUIRED", "The file is empty.", _standing(after))
            return refused(400, "OUT_OF_RANGE", "The file is smaller than was announced.", _standing(after))
        return await self._answered(incoming, after)

    async def _patch(self, request: Request, receiver: Receiver, known: Progress) -> Response:
        """What follows the bytes that have come."""
        if request.headers.get("content-type") != PIECE:
            raise ProtocolError(415, f"Send pieces as {PIECE}.")
        offset = request.headers.get("upload-offset", "")
        if not (offset.isascii() and offset.isdecimal() and len(offset) < 20):
            raise ProtocolError(400, "Upload-Offset tells at which byte the piece begins.")
        if int(offset) != known.received:
            raise OffsetError(known.received)
        if known.arrived:
            return Response(status_code=204, headers=_standing(known))
        incoming = Incoming(request.receive, SECONDS)
        return await self._answered(incoming, await receiver.receive(known, _checked(request, incoming)))

    async def _answered(self, incoming: Incoming, after: Progress) -> Response:
        if after.arrived:
            await scan_uploads(self._database, self._uploads, self._clock(), [after.attachment_id])
        if incoming.end is End.OUT_OF_TIME and not after.arrived:
            return refused(408, "TIMEOUT", "The file took too long to arrive: go on from here.", _standing(after))
        return Response(status_code=204, headers=_standing(after))


def _checked(request: Request, incoming: Incoming) -> AsyncIterator[bytes]:
    """The bytes, held against their checksum where the client gave one."""
    header = request.headers.get("upload-checksum")
    if header is None:
        return aiter(incoming)
    try:
        return Checksum.of(header).held(aiter(incoming))
    except ValueError:
        message = f"Upload-Checksum is one of {', '.join(ALGORITHMS)} and the digest in Base64."
        raise ProtocolError(400, message, OPTIONS) from None


def _bad_bytes(error: Exception) -> Response:
    told = f"{error}.".capitalize()
    if isinstance(error, OffsetError):
        return refused(409, "CONFLICT", told, {**TUS, "Upload-Offset": str(error.expected)})
    if isinstance(error, WrongTypeError):
        return refused(415, "MEDIA_TYPE_MISMATCH", told, TUS)
    if isinstance(error, ChecksumError):
        return refused(460, "CHECKSUM_MISMATCH", told, TUS)
    if isinstance(error, TooManyPartsError):
        return refused(400, "LIMIT_EXCEEDED", "The file comes in too many pieces: send it again with PUT.", TUS)
    return refused(413, "TOO_LARGE", "The file is larger than was announced.", TUS)


def _standing(at: Progress) -> dict[str, str]:
    return {**TUS, "Upload-Offset": str(at.received)}
