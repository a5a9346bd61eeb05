"""The one route by which files come in: a PUT to a signed address, which names one object and ends soon (A11)."""

import asyncio
import hmac
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.clock import Clock
from domain.support.objects import (
    InvalidUploadTokenError,
    ObjectExistsError,
    ObjectStore,
    ObjectTooLargeError,
    UploadPermit,
    verify_upload,
)
from domain.support.uploads import PATH, Uploads
from domain.tickets.uploads import attachment_of, uploaded
from tenancy.database import Database
from tenancy.scope import WORKER

SECONDS = 300
"""How long the bytes of one file may take to arrive."""


class EmptyUploadError(Exception):
    """No bytes came."""


class AttachmentUploads:
    """Takes the bytes of announced files; whoever has the address may send them, once."""

    def __init__(self, database: Database, uploads: Uploads, clock: Clock) -> None:
        self._database = database
        self._uploads = uploads
        self._clock = clock

    def routes(self) -> list[Route]:
        """For the application."""
        return [Route(PATH, self.put, methods=["PUT"])]

    async def put(self, request: Request) -> Response:
        """204; 403 for an address that is forged or over, 409 for the second time, 413, 400 and 408 for bad bytes."""
        try:
            permit = verify_upload(request.query_params.get("token", ""), self._clock(), self._uploads.secret)
            async with asyncio.timeout(SECONDS):
                return await self._store(request, permit)
        except InvalidUploadTokenError:
            return _refused(403, "FORBIDDEN", "This address is not good for an upload, or not any more.")
        except ObjectTooLargeError as error:
            return _refused(413, "TOO_LARGE", f"The file is larger than the {error.limit:,} bytes that were announced.")
        except ObjectExistsError:
            return _refused(409, "CONFLICT", "This file has been uploaded already.")
        except EmptyUploadError:
            return _refused(400, "REQUIRED", "The file is empty.")
        except TimeoutError:
            return _refused(408, "TIMEOUT", "The file took too long to arrive.")

    async def _store(self, request: Request, permit: UploadPermit) -> Response:
        """The bytes first, then the row: what the row says is here is here."""
        stored = await self._uploads.store.put(permit.key, _not_empty(request), permit.size_limit)
        noted = False
        try:
            async with self._database.writing(WORKER) as session:
                noted = (await session.execute(uploaded(attachment_of(permit.key), stored))).first() is not None
        finally:
            if not noted:
                await self._uploads.store.delete(permit.key)
        return Response(status_code=204) if noted else _refused(404, "NOT_FOUND", "This file was never announced.")


async def _not_empty(request: Request) -> AsyncIterator[bytes]:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if chunk:
            yield chunk
    if not size:
        raise EmptyUploadError


def _refused(status: int, code: str, message: str) -> Response:
    return JSONResponse({"error": {"code": code, "message": message}}, status_code=status)


def uploads_of(objects_url: str, secret: str) -> Uploads:
    """The place for uploads of this installation; addresses are signed with a key of their own."""
    return Uploads(ObjectStore.from_url(objects_url), hmac.digest(secret.encode(), b"uploads", "sha256"))
