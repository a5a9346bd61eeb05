"""What a file is, by its first bytes (A11; spec 3, 12)."""

import gzip
import io
import zipfile
from collections.abc import AsyncIterator

import pytest

from domain.support.media_types import ANYTHING, HEAD, Beginning, WrongTypeError, served, verified


def archive(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return held.getvalue()


PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01"
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
XML = b'<?xml version="1.0"?><a/>'
LOG = b"02:00:11 job started\n02:14:53 mailbox 118 of 240: timeout\n"
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(500)
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00"
UNKNOWN = b"\x01\x02\x00\x03\xfe\xff"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("announced", "head"),
    [
        ("image/png", PNG),
        ("image/jpeg", JPEG),
        ("image/jpg", JPEG),
        ("application/pdf", PDF),
        ("text/plain", LOG),
        ("text/csv", b"a;b\n1;2\n"),
        ("text/plain", "Müller, größer".encode("latin-1")),
        ("text/plain", "Zeile\r\n".encode("utf-16")),
        ("application/json", b'{"a": 1}'),
        ("text/html", HTML),
        ("application/zip", archive("a.txt")),
        ("application/x-zip-compressed", archive("a.txt")),
        (WORD, archive("[Content_Types].xml", "word/document.xml")),
        ("application/vnd.oasis.opendocument.text", archive("mimetype")),
        ("application/vnd.ms-excel", OLE),
        ("application/gzip", gzip.compress(b"x", mtime=0)),
        ("message/rfc822", b"From: a@alder.example\nSubject: x\n\n"),
        ("application/x-trace", UNKNOWN),
        ("application/x-trace", LOG),
    ],
)
def test_A11_what_the_content_bears_out_is_believed(announced: str, head: bytes) -> None:
    assert verified(announced, head) == announced


@pytest.mark.parametrize(
    ("announced", "head", "found"),
    [
        ("image/png", HTML, "text/html"),
        ("image/png", SVG, "image/svg+xml"),
        ("image/png", JPEG, "image/jpeg"),
        ("image/png", LOG, "text/plain"),
        ("image/gif", EXE, "application/vnd.microsoft.portable-executable"),
        ("image/x-nobody-knows", UNKNOWN, ANYTHING),
        ("application/pdf", HTML, "text/html"),
        ("application/zip", PDF, "application/pdf"),
        (WORD, PDF, "application/pdf"),
        ("text/plain", PNG, "image/png"),
        ("text/plain", UNKNOWN, ANYTHING),
        ("application/json", archive("a"), "application/zip"),
        ("video/mp4", LOG, "text/plain"),
    ],
)
def test_A11_what_the_content_contradicts_is_refused(announced: str, head: bytes, found: str) -> None:
    with pytest.raises(WrongTypeError) as error:
        verified(announced, head)
    assert (error.value.announced, error.value.found) == (announced, found)


@pytest.mark.parametrize(
    ("head", "found"),
    [(PNG, "image/png"), (HTML, "text/html"), (XML, "application/xml"), (LOG, "text/plain"), (UNKNOWN, ANYTHING)],
)
def test_A11_who_announces_nothing_in_particular_gets_what_is_found(head: bytes, found: str) -> None:
    assert verified(ANYTHING, head) == found


@pytest.mark.parametrize(("head", "found"), [(HTML, "text/html"), (SVG, "image/svg+xml"), (XML, "application/xml")])
def test_spec_3_12_text_that_is_markup_is_called_that(head: bytes, found: str) -> None:
    assert verified("text/plain", head) == found


def test_A11_text_that_begins_like_an_image_is_text() -> None:
    assert verified("text/plain", b"BMW is a make of car") == "text/plain"


@pytest.mark.parametrize(
    "kind",
    ["text/html", "image/svg+xml", "application/xml", "application/pdf", "application/javascript", "text/css", WORD],
)
def test_spec_3_12_active_types_are_handed_out_as_bytes(kind: str) -> None:
    assert served(kind) == ANYTHING


@pytest.mark.parametrize("kind", ["image/png", "image/jpeg", "text/plain", "application/zip"])
def test_spec_3_12_harmless_types_are_handed_out_as_they_are(kind: str) -> None:
    assert served(kind) == kind


async def test_A11_only_the_beginning_is_looked_at() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield bytes(1_000)

    beginning = Beginning(chunks())
    assert sum([len(chunk) async for chunk in beginning]) == 10_000
    assert beginning.head == bytes(HEAD)
