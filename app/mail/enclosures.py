"""What a mail consists of: the words that its sender wrote, and files."""

import codecs
import mimetypes
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from typing import Final

from app.mail.html import text_of
from app.mail.parsing import Part
from domain.mail.files import Enclosure
from domain.support.file_names import cleaned
from domain.support.media_types import ANYTHING, WELL_FORMED

LONGEST: Final = 100_000
"""Characters of a body that are looked at: more is refused anyway."""
_BODIES: Final = frozenset({"text/plain", "text/html"})
_SLOW: Final = frozenset({"punycode", "idna", "unicode-escape", "raw-unicode-escape", "undefined"})
"""Encodings that no mail is written in, and that take the square of the length, or always fail."""


def contents(mail: Part) -> tuple[str, tuple[Enclosure, ...]]:
    """The words, and everything that is neither they nor another form of them."""
    body: list[Part] = []
    files = [_enclosure(part) for part in _files(mail, body)]
    texts = (_text(part) for part in sorted(body, key=lambda part: part.get_content_type() != "text/plain"))
    return next((text for text in texts if text.strip()), ""), tuple(files)


def _files(part: Part, body: list[Part]) -> Iterator[Part]:
    """The parts that are files; the forms of the first text are added to `body`."""
    kind = part.get_content_type()
    if kind == "multipart/alternative":
        yield from _files_beside_forms(part, body)
    elif part.get_content_maintype() == "multipart":
        parts = part.parts()
        for each in parts[:1] if kind == "multipart/signed" else parts:  # the rest is the signature
            yield from _files(each, body)
    elif not body and _is_text(part):
        body.append(part)
    else:
        yield part


def _files_beside_forms(part: Part, body: list[Part]) -> Iterator[Part]:
    """The same of parts that are all one text: pictures that its HTML shows are files, other texts are forms of it."""
    wanted = not body
    for leaf in _leaves(part):
        if leaf.get_content_maintype() != "text":
            yield leaf
        elif wanted and _is_text(leaf):
            body.append(leaf)


def _leaves(part: Part) -> Iterator[Part]:
    if part.get_content_maintype() != "multipart":
        yield part
        return
    for each in part.parts():
        yield from _leaves(each)


def _is_text(part: Part) -> bool:
    named = part.get_content_disposition() == "attachment" or part.get_filename()
    return part.get_content_type() in _BODIES and not named


def _enclosure(part: Part) -> Enclosure:
    kind = part.get_content_type()
    kind = kind if WELL_FORMED.fullmatch(kind) else ANYTHING
    name = _decoded(part.get_filename() or "")
    return Enclosure(cleaned(name or f"file{mimetypes.guess_extension(kind) or ''}"), kind, _bytes(part))


def _bytes(part: Part) -> bytes:
    if part.is_multipart():  # another mail
        return b"".join(each.as_bytes() for each in part.parts())
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _decoded(name: str) -> str:
    """A name as it was meant; as it was written, where that is nothing that can be decoded."""
    try:
        return str(make_header(decode_header(name)))
    except (HeaderParseError, LookupError, ValueError):
        return name


def _text(part: Part) -> str:
    charset = str(part.get_content_charset() or "utf-8")
    text = _characters(_bytes(part)[: 10 * LONGEST], charset).replace("\r\n", "\n").replace("\r", "\n")
    return (text_of(text) if part.get_content_subtype() == "html" else text)[:LONGEST]


def _characters(content: bytes, charset: str) -> str:
    """The text, whatever its sender says of its encoding."""
    try:
        name = codecs.lookup(charset).name
        name = "utf-8" if name == "ascii" or name in _SLOW else name  # whoever says ASCII and means UTF-8 is common
        return content.decode(name, errors="replace")
    except (LookupError, ValueError):
        return content.decode(errors="replace")
