"""Where attachments and files live: any object store by URL (spec A11, A12).

Objects are written once under an opaque key and never change: what was inspected is what will be read. They
are streamed both ways, so that no file is ever whole in memory.
"""

import hashlib
import re
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urlsplit

import obstore
from obstore.store import from_url

if TYPE_CHECKING:
    from obstore import GetOptions, OffsetRange
    from obstore.store import ObjectStore as Store

_SCHEMES: Final = {"file", "s3", "gs", "az"}
_KEY: Final = re.compile(r"(?=.{1,200}\Z)[A-Za-z0-9_-]+(?:[./][A-Za-z0-9_-]+)*")
_CHUNK: Final = 64 * 1024
_PART: Final = 5 * 1024 * 1024
"""Bytes that are in memory at once: the least that S3 takes as a part of an object."""


class ObjectNotFoundError(LookupError):
    """There is no object under this key."""


class ObjectExistsError(Exception):
    """There is an object under this key already; it was left as it was."""


class ObjectTooLargeError(Exception):
    """More bytes came than are allowed; nothing was stored."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the object is larger than {limit} bytes")
        self.limit = limit


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What was stored: its size in bytes and its SHA-256 in hexadecimal digits."""

    size: int
    sha256: str


class ObjectStore:
    """Objects by opaque key: at most 200 letters, digits, `_` and `-`, parted by single `.` or `/`."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    @classmethod
    def from_url(cls, url: str) -> Self:
        """A store in a directory (file:///path, made if missing) or a bucket (s3://, gs://, az://).

        Credentials and endpoints of buckets come from their providers' environment variables.
        """
        scheme = urlsplit(url).scheme
        if scheme not in _SCHEMES:
            raise ValueError(f"objects are stored at {sorted(_SCHEMES)} URLs, not {scheme!r}")
        return cls(from_url(url, mkdir=True) if scheme == "file" else from_url(url))

    async def put(self, key: str, chunks: AsyncIterable[bytes], size_limit: int) -> StoredObject:
        """Store the bytes as they come, all or nothing.

        Raises ObjectTooLargeError as soon as there are more than `size_limit` bytes, ObjectExistsError if the
        key is taken; an error of `chunks` passes through. What is written in parts cannot ask for a free key as it
        ends: keys are made anew for each object, and this looks before it begins.
        """
        digest, size = hashlib.sha256(), 0

        async def measured() -> AsyncIterator[bytes]:
            nonlocal size
            async for chunk in chunks:
                size += len(chunk)
                if size > size_limit:
                    raise ObjectTooLargeError(size_limit)
                digest.update(chunk)
                yield chunk

        if await self.exists(key):
            raise ObjectExistsError(key)
        await obstore.put_async(self._store, key, measured(), use_multipart=True, chunk_size=_PART, max_concurrency=1)
        return StoredObject(size, digest.hexdigest())

    async def get(self, key: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """The object's bytes in chunks, from `start` until before `end`; ObjectNotFoundError before the first one."""
        wanted: OffsetRange | tuple[int, int] = {"offset": start} if end is None else (start, end)
        options: GetOptions = {"range": wanted} if start or end else {}  # an empty object has no ranges
        try:
            found = await obstore.get_async(self._store, _checked(key), options=options)
        except FileNotFoundError as error:
            raise ObjectNotFoundError(key) from error
        return aiter(found.stream(min_chunk_size=_CHUNK))

    async def copy(self, key: str, to: str) -> None:
        """The same bytes under another key; ObjectNotFoundError where there are none."""
        try:
            await obstore.copy_async(self._store, _checked(key), _checked(to))
        except FileNotFoundError as error:
            raise ObjectNotFoundError(key) from error

    async def delete(self, *keys: str) -> None:
        """Remove the objects; no error where there is none, so that it can be repeated."""
        for key in keys:
            try:
                await obstore.delete_async(self._store, _checked(key))
            except FileNotFoundError:
                continue

    async def exists(self, key: str) -> bool:
        """Whether there is an object under this key."""
        try:
            await obstore.head_async(self._store, _checked(key))
        except FileNotFoundError:
            return False
        return True

    async def keys(self, prefix: str) -> AsyncIterator[str]:
        """The keys of all objects in a folder, in no order."""
        async for found in obstore.list(self._store, prefix=prefix):
            for each in found:
                yield each["path"]


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise ValueError("this is not an object key")
    return key
