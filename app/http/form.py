"""Operations that come with files, by the GraphQL multipart request specification.

Its parts are `operations`, `map` and then the files, which are kept on disk until the request is answered.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from app.http.body import refuse_declared, too_large
from app.http.errors import BodyTimeoutError, HttpError
from app.http.options import HttpOptions
from app.http.parameters import decode
from execution.upload import Upload

FORM: Final = "multipart/form-data"
FIELDS: Final = 2
UNKNOWN: Final = "application/octet-stream"


def is_form(content_type: str | None) -> bool:
    """Whether this is the media type of a request with files."""
    return content_type is not None and content_type[: len(FORM)].lower() == FORM


@asynccontextmanager
async def received_form(request: Request, options: HttpOptions[Any]) -> AsyncIterator[Any]:
    """The value of `operations` with the files in their places; they are gone when the block ends."""
    form = await _parsed(request, options)
    try:
        yield await _operations(form, options.max_json_depth)
    finally:
        await form.close()


async def _parsed(request: Request, options: HttpOptions[Any]) -> FormData:
    refuse_declared(request, options.max_upload_bytes)
    stream = _bounded(request, options.max_upload_bytes)
    limits = {"max_files": options.max_uploads, "max_fields": FIELDS, "max_part_size": options.max_body_bytes}
    try:
        async with asyncio.timeout(options.upload_seconds):
            return await MultiPartParser(request.headers, stream, **limits).parse()
    except MultiPartException as error:
        raise HttpError(f"This is no multipart request: {error.message}") from None
    except TimeoutError:
        raise BodyTimeoutError(f"The files did not arrive within {options.upload_seconds:g} seconds.") from None


async def _bounded(request: Request, most: int) -> AsyncGenerator[bytes, None]:
    size, more = 0, True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk, more = message.get("body", b""), message.get("more_body", False)
        size += len(chunk)
        if size > most:
            raise too_large(most)
        yield chunk


async def _operations(form: FormData, max_depth: int) -> Any:
    operations, places = (_json(form, name, max_depth) for name in ("operations", "map"))
    if not isinstance(places, dict):
        raise HttpError("The part map must be a JSON object.")
    for name, paths in places.items():
        upload = await _upload(form, name)
        for path in _paths(paths):
            _put(operations, path, upload)
    return operations


def _json(form: FormData, name: str, max_depth: int) -> Any:
    text = form.get(name)
    if not isinstance(text, str):
        raise HttpError(f"A multipart request has the parts operations and map: there is no {name}.")
    return decode(text.encode(), max_depth)


async def _upload(form: FormData, name: str) -> Upload:
    file = form.get(name)
    if not isinstance(file, UploadFile):
        raise HttpError("The map names a file that is not there.")
    upload = Upload(file.filename or "", file.content_type or UNKNOWN, file.size or 0, file.file)
    await upload.prepare()
    return upload


def _paths(paths: Any) -> list[str]:
    if isinstance(paths, list) and all(isinstance(path, str) for path in paths):
        return paths
    raise HttpError("The map gives a list of paths for each file.")


def _put(operations: Any, path: str, upload: Upload) -> None:
    """Put a file where its path leads: to a variable, whose value is null until then."""
    *way, last = path.split(".")
    place = operations
    for step in way:
        place = _entered(place, step)
    if "variables" not in way[:2] or _entered(place, last) is not None:
        raise HttpError("The map leads to something else than null in the variables.")
    place[int(last) if isinstance(place, list) else last] = upload


def _entered(place: Any, step: str) -> Any:
    if isinstance(place, dict):
        return place.get(step)
    if isinstance(place, list) and step.isascii() and step.isdecimal() and len(step) < 10 and int(step) < len(place):
        return place[int(step)]
    raise HttpError("The map leads to something that is not there.")
