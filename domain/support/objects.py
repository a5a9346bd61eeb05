"""Where attachments and files live: any object store by URL, and permits to upload into it (spec A11, A12).

Objects are written once under an opaque key and never change: what was inspected is what will be read.
"""

import hashlib
import re
from collections.abc import AsyncIterable, AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

import jwt
import obstore
from obstore.exceptions import AlreadyExistsError
from obstore.store import from_url

if TYPE_CHECKING:
    from obstore.store import ObjectStore as Store

MIN_SECRET = 32
"""Bytes: a key shorter than its hash weakens HMAC SHA-256 (RFC 7518, 3.2)."""

_SCHEMES = {"file", "s3", "gs", "az"}
_KEY = re.compile(r"(?=.{1,200}\Z)[A-Za-z0-9_-]+(?:[./][A-Za-z0-9_-]+)*")
_CHUNK = 64 * 1024
_AUDIENCE = "object-upload"


class ObjectNotFoundError(LookupError):
    """There is no object under this key."""


class ObjectExistsError(Exception):
    """There is an object under this key already; it was left as it was."""


class ObjectTooLargeError(Exception):
    """More bytes came than are allowed; nothing was stored."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the object is larger than {limit} bytes")
        self.limit = limit


class InvalidUploadTokenError(Exception):
    """The upload token is forged, garbled or expired; which one is not told."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """What was stored: its size in bytes and its SHA-256 in hexadecimal digits."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class UploadPermit:
    """What a valid upload token allows: one object of at most so many bytes under this key."""

    key: str
    size_limit: int


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
        key is taken; an error of `chunks` passes through. The limit bounds the memory too: a write that must
        not replace anything is one request.
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

        try:
            await obstore.put_async(self._store, _checked(key), measured(), mode="create")
        except AlreadyExistsError as error:
            raise ObjectExistsError(key) from error
        return StoredObject(size, digest.hexdigest())

    async def get(self, key: str) -> AsyncIterator[bytes]:
        """The object's bytes in chunks; ObjectNotFoundError before the first one if there is none."""
        try:
            found = await obstore.get_async(self._store, _checked(key))
        except FileNotFoundError as error:
            raise ObjectNotFoundError(key) from error
        return aiter(found.stream(min_chunk_size=_CHUNK))

    async def delete(self, key: str) -> None:
        """Remove the object; no error if there is none, so that it can be repeated."""
        try:
            await obstore.delete_async(self._store, _checked(key))
        except FileNotFoundError:
            return

    async def exists(self, key: str) -> bool:
        """Whether there is an object under this key."""
        try:
            await obstore.head_async(self._store, _checked(key))
        except FileNotFoundError:
            return False
        return True


def sign_upload(key: str, size_limit: int, expires_at: datetime, secret: bytes) -> str:
    """A token that lets its bearer upload one object under this key until `expires_at`, a whole second."""
    if size_limit < 1:
        raise ValueError("an upload of no bytes cannot be permitted")
    claims = {"aud": _AUDIENCE, "key": _checked(key), "size": size_limit, "exp": int(_timestamp(expires_at))}
    return jwt.encode(claims, _strong(secret), algorithm="HS256")


def verify_upload(token: str, now: datetime, secret: bytes) -> UploadPermit:
    """What the token permits at `now`; InvalidUploadTokenError, also at the very instant of its expiry."""
    options: jwt.types.Options = {"require": ["aud", "key", "size", "exp"], "verify_exp": False}
    try:
        claims = jwt.decode(token, _strong(secret), algorithms=["HS256"], audience=_AUDIENCE, options=options)
    except (jwt.InvalidTokenError, UnicodeEncodeError) as error:
        raise InvalidUploadTokenError from error
    if _timestamp(now) >= claims["exp"]:
        raise InvalidUploadTokenError
    return UploadPermit(claims["key"], claims["size"])


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise ValueError("this is not an object key")
    return key


def _strong(secret: bytes) -> bytes:
    if len(secret) < MIN_SECRET:
        raise ValueError(f"the secret has fewer than {MIN_SECRET} bytes")
    return secret


def _timestamp(at: datetime) -> float:
    if at.utcoffset() is None:
        raise ValueError("a time without a zone is not an instant")
    return at.timestamp()
