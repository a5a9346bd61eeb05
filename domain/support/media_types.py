"""What a file is, by its first bytes: nobody's word is taken for it (spec 3, 12).

Nothing is ever unpacked: an archive is known by its signature, and one that would grow beyond measure harms nobody.
"""

import re
from collections.abc import AsyncIterator
from typing import Final

import puremagic

HEAD: Final = 4096
"""Bytes at the beginning that are looked at; no signature lies further in, but for those of disk images."""
ANYTHING: Final = "application/octet-stream"
TEXT: Final = "text/plain"
WELL_FORMED: Final = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}")

_ALIASES: Final = {
    "application/gzip": "application/x-gzip",
    "application/x-pdf": "application/pdf",
    "application/x-zip-compressed": "application/zip",
    "audio/wav": "audio/x-wav",
    "image/bmp": "image/x-ms-bmp",
    "image/heic": "image/heif",
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "text/xml": "application/xml",
}
_MARKUP: Final = (
    (re.compile(rb"<svg[\s>]", re.IGNORECASE), "image/svg+xml"),
    (re.compile(rb"<(!doctype\s+html|html|head|body|script|iframe|title|meta)[\s>]", re.IGNORECASE), "text/html"),
    (re.compile(rb"\A\s*<\?xml\s", re.IGNORECASE), "application/xml"),
    (re.compile(rb"\A%PDF-"), "application/pdf"),
)
_TEXTUAL: Final = re.compile(
    r"text/.*|message/.*|image/svg\+xml|application/(.*\+)?(json|xml|yaml|x-yaml|javascript|x-sh|sql|x-ndjson)"
)
_CONTROLS: Final = bytes({*range(32), 127} - set(b"\b\t\n\f\r\x1b"))
_CONTAINERS: Final = {
    b"PK\x03\x04": ("application/zip", re.compile(r"application/(zip|java-archive|epub\+zip|vnd\.(oasis|ms-).*)")),
    bytes.fromhex("d0cf11e0a1b11ae1"): (
        "application/x-ole-storage",
        re.compile(r"application/(msword|vnd\.(ms-|visio).*)"),
    ),
}
"""Formats that are others inside: by how they begin, what they are called and what may be in them."""
_SURE: Final = 0.3
"""Less than three bytes of a signature are no sign of anything."""
_SIGNED: Final = {row.mime_type.lower() for row in puremagic.magic_header_array if row.mime_type}
_MEDIA: Final = ("image/", "audio/", "video/", "font/")
_INERT: Final = {
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/webp",
    "application/gzip",
    "application/zip",
    TEXT,
    "text/csv",
}


class WrongTypeError(Exception):
    """A file is not what it was announced as."""

    def __init__(self, announced: str, found: str) -> None:
        super().__init__(f"the file was announced as {announced} and is {found}")
        self.announced, self.found = announced, found


class Beginning:
    """Passes bytes on, and keeps the first of them."""

    def __init__(self, chunks: AsyncIterator[bytes]) -> None:
        self._chunks = chunks
        self.head = b""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._chunks:
            self.head += chunk[: HEAD - len(self.head)]
            yield chunk


def verified(announced: str, head: bytes) -> str:
    """The media type of a file that begins with `head`; raises WrongTypeError where it is none of what was announced.

    What was announced counts as far as the bytes bear it out: of a kind without a signature they cannot, and who
    announces nothing in particular gets what is found. Text that turns out to be markup is called that.
    """
    found = detected(head)
    if announced == ANYTHING:
        return found
    if _TEXTUAL.fullmatch(announced) and _plain(head) is not None:
        return announced if found == TEXT else found
    if _ALIASES.get(announced, announced) in _signatures(head, 0) or _is_inside(announced, head):
        return announced
    if announced in _SIGNED or announced in _ALIASES or announced.startswith(_MEDIA) or _TEXTUAL.fullmatch(announced):
        raise WrongTypeError(announced, found)
    return announced if found in {ANYTHING, TEXT} else found


def detected(head: bytes) -> str:
    """The media type by the bytes alone."""
    text = _plain(head)
    if text is not None:
        return next((kind for pattern, kind in _MARKUP if pattern.search(text)), TEXT)
    for beginning, (kind, _) in _CONTAINERS.items():
        if head.startswith(beginning):
            return kind
    return next(iter(_signatures(head, _SURE)), ANYTHING)


def served(media_type: str) -> str:
    """As what a file is handed out: a kind that some program might run or render is bytes and nothing else."""
    return media_type if media_type in _INERT else ANYTHING


def _signatures(head: bytes, least: float) -> list[str]:
    try:
        found = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return []
    return [each.mime_type.lower() for each in found if each.mime_type and each.confidence >= least]


def _is_inside(announced: str, head: bytes) -> bool:
    kinds = (inside for beginning, (_, inside) in _CONTAINERS.items() if head.startswith(beginning))
    return any(inside.fullmatch(announced) for inside in kinds)


def _plain(head: bytes) -> bytes | None:
    """The text that a file begins with, in an encoding that has ASCII in it; None where it is no text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head[: len(head) // 2 * 2].decode("utf-16", errors="replace").encode()
    return head if len(head.translate(None, _CONTROLS)) == len(head) else None
