"""A file that came with a request: what the scalar `Upload` stands for."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from typing import Any, BinaryIO, Final

from graphql import GraphQLError

CHUNK: Final = 256 * 1024


class Upload:
    """The name and the media type as the client sent them, the size in bytes, and the bytes, kept on disk meanwhile."""

    def __init__(self, file_name: str, media_type: str, size: int, file: BinaryIO) -> None:
        self.file_name = file_name
        self.media_type = media_type
        self.size = size
        self._file = file
        self._digest = ""

    async def prepare(self) -> None:
        """Find out what tells this file from others: for `str`."""
        digest = hashlib.sha256()
        async for chunk in self.chunks():
            digest.update(chunk)
        self._digest = digest.hexdigest()

    async def chunks(self) -> AsyncIterator[bytes]:
        """The bytes, from the first one."""
        await asyncio.to_thread(self._file.seek, 0)
        while chunk := await asyncio.to_thread(self._file.read, CHUNK):
            yield chunk

    def __str__(self) -> str:
        """The same for the same file, as idempotency needs it."""
        return f"{self.file_name}:{self.media_type}:{self._digest}"


def parse_upload(value: Any) -> Upload:
    """The file that stands here; raises `GraphQLError` for what a client has written instead."""
    if not isinstance(value, Upload):
        raise GraphQLError("Upload is for files of multipart requests alone.")
    return value
