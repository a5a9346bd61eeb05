"""Whether bytes are those that were sent: the checksum extension of tus (`Upload-Checksum: sha256 BASE64`)."""

import binascii
import hashlib
import hmac
from base64 import b64decode
from collections.abc import AsyncIterator
from typing import Final, Self

ALGORITHMS: Final = ("sha1", "sha256")
"""SHA-1 because the protocol demands it: it finds what a bad network did, not what a bad person did."""


class ChecksumError(Exception):
    """The bytes are others than those that the checksum was made of, or not all of them."""


class Checksum:
    """What the bytes of a request are held against."""

    def __init__(self, algorithm: str, expected: bytes) -> None:
        self._digest = hashlib.new(algorithm, usedforsecurity=False)
        self._expected = expected

    @classmethod
    def of(cls, header: str) -> Self:
        """From the header; raises `ValueError` where it names no algorithm that is known here, or no digest of it."""
        algorithm, _, text = header.strip().partition(" ")
        if algorithm not in ALGORITHMS:
            raise ValueError("not an algorithm")
        made = cls(algorithm, b64decode(text.strip(), validate=True))
        if len(made._expected) != made._digest.digest_size:
            raise binascii.Error("not a digest")
        return made

    async def held(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The bytes as they come; raises `ChecksumError` behind the last one, so that none of them is kept."""
        async for chunk in chunks:
            self._digest.update(chunk)
            yield chunk
        if not hmac.compare_digest(self._digest.digest(), self._expected):
            raise ChecksumError("the bytes do not have this checksum: nothing of them was kept")
