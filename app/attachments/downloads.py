"""The route by which files go out: to be saved, not shown, and for those who see them at this instant (spec 3, 12)."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias
from urllib.parse import quote
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from app.attachments.answers import refusal, refused
from app.attachments.bearers import Bearers
from app.attachments.ranges import Span, UnsatisfiableError, span_of
from authz.errors import NotFoundError
from authz.gate import Gate
from domain.support.file_names import harmless
from domain.support.media_types import served
from domain.support.objects import ObjectNotFoundError
from domain.support.permits import Purpose
from domain.support.uploads import PATHS, Uploads
from domain.tickets.downloads import File
from execution.errors import PublicError
from tenancy.database import Database

Finder: TypeAlias = Callable[[Gate, UUID], Awaitable[File]]
"""The file with this id, for who may have it at this instant; raises `PublicError`."""
GUARDS: Final = {
    "Accept-Ranges": "bytes",
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-site",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Whatever a file is, no browser takes it for a page of ours."""


class DownloadRoute:
    """Hands out the bytes of files of one purpose; `find` is what decides who gets which."""

    def __init__(self, database: Database, uploads: Uploads, bearers: Bearers, purpose: Purpose, find: Finder) -> None:
        self._database = database
        self._uploads = uploads
        self._bearers = bearers
        self._purpose = purpose
        self._find = find

    def routes(self) -> list[Route]:
        """For the application."""
        return [Route(PATHS[self._purpose], self.answer, methods=["GET", "HEAD"])]

    async def answer(self, request: Request) -> Response:
        """200 or 206; 403 for an address that is not good, 404 for a file that is not there for its bearer, 416."""
        try:
            file = await self._file(request)
            return await self._bytes(request, file)
        except PublicError as error:
            return refusal(error)
        except ObjectNotFoundError:
            return refusal(NotFoundError())

    async def _file(self, request: Request) -> File:
        actor, file_id = await self._bearers(request, self._purpose)
        async with self._database.writing(actor.scope) as session:
            return await self._find(Gate(actor, session), file_id)

    async def _bytes(self, request: Request, file: File) -> Response:
        try:
            span = _span(request, file)
        except UnsatisfiableError:
            size = {"Content-Range": f"bytes */{file.size}"}
            return refused(416, "OUT_OF_RANGE", "The file has no such bytes.", GUARDS | size)
        headers = _headers(file, span)
        status = 206 if span else 200
        if request.method == "HEAD":
            return Response(status_code=status, headers=headers)
        chunks = await self._uploads.store.get(file.key, *((span.start, span.end) if span else ()))
        return StreamingResponse(chunks, status, headers)


def _span(request: Request, file: File) -> Span | None:
    """What is asked for of a file, as far as it is the one of which the client has the rest."""
    known = request.headers.get("if-range")
    if request.method == "HEAD" or known not in {None, _tag(file)}:
        return None
    return span_of(request.headers.get("range"), file.size)


def _headers(file: File, span: Span | None) -> dict[str, str]:
    headers = {
        **GUARDS,
        "Content-Disposition": _disposition(harmless(file.name)),
        "Content-Length": str(span.end - span.start if span else file.size),
        "Content-Type": served(file.media_type),
        "ETag": _tag(file),
    }
    return headers | {"Content-Range": span.described(file.size)} if span else headers


def _tag(file: File) -> str:
    return f'"{file.sha256}"'


def _disposition(name: str) -> str:
    """The name for whoever saves the file, and one in ASCII for who knows no other (RFC 6266)."""
    plain = name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
