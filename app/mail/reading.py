"""Reading a mail that came in: who it says it is from, what was written, and whether a person wrote it."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses
from html.parser import HTMLParser
from typing import Final

LARGEST: Final = 10 * 1024 * 1024
RECIPIENTS: Final = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
AUTOMATIC: Final = ("List-Id", "List-Unsubscribe", "List-Post", "X-Autoreply", "X-Autorespond", "X-Loop")
BULK: Final = frozenset({"bulk", "junk", "list", "auto_reply"})
# Where the answer ends and what is answered begins, as the usual programs write it.
_QUOTED: Final = re.compile(
    r"^(?:>|-{2,}[ \t]*(?:Original|Forwarded) Message[ \t]*-{2,}|_{20,}[ \t]*$|-- $"
    r"|(?:On .{1,200} wrote|Am .{1,200} schrieb .{1,200}|Le .{1,200} a écrit|El .{1,200} escribió|Den .{1,200} skrev)"
    r"[ \t]*:[ \t]*$)",
    re.MULTILINE,
)
LONGEST: Final = 100_000
"""Characters of a body that are looked at: more is refused anyway."""


class UnreadableError(ValueError):
    """This is no mail that anybody could have meant; the message says why."""


@dataclass(frozen=True, slots=True)
class Read:
    """A mail that could be read."""

    mail: EmailMessage
    name: str
    sender: str
    recipients: tuple[str, ...]
    body: str
    files: int

    @property
    def automatic(self) -> bool:
        """Whether a program wrote it: nothing answers a program (RFC 3834)."""
        mail = self.mail
        told = str(mail.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
        return (
            told != "no"
            or str(mail.get("Precedence", "")).strip().lower() in BULK
            or str(mail.get("Return-Path", "")).strip() == "<>"
            or mail.get_content_type() == "multipart/report"
            or any(name in mail for name in AUTOMATIC)
        )


def read(raw: bytes, *recipients: str) -> Read:
    """Read a mail; `recipients` are those of its envelope. Raises `UnreadableError`."""
    if len(raw) > LARGEST:
        raise UnreadableError(f"It is larger than {LARGEST // 1024 // 1024} MiB.")
    try:
        return _read(raw, recipients)
    except UnreadableError:
        raise
    except Exception as error:  # the parser raises whatever hostile bytes make of it
        raise UnreadableError(f"It is malformed ({type(error).__name__}).") from error


def _read(raw: bytes, recipients: tuple[str, ...]) -> Read:
    mail = message_from_bytes(raw, policy=default)
    if not isinstance(mail, EmailMessage):
        raise UnreadableError("It is malformed.")
    senders = _addresses(mail, "From")
    if len(senders) != 1 or len(mail.get_all("From", [])) != 1:
        raise UnreadableError("It has not one sender.")
    name = str(mail.get("Message-ID", "")).strip() or f"<sha256.{hashlib.sha256(raw).hexdigest()}>"
    found = (*(one.lower() for one in recipients), *(one for header in RECIPIENTS for one in _addresses(mail, header)))
    return Read(mail, name[:500], senders[0], found, _answer(mail), sum(1 for _ in mail.iter_attachments()))


def _addresses(mail: EmailMessage, header: str) -> list[str]:
    values = [str(value) for value in mail.get_all(header, [])]
    return [address.strip().lower() for _, address in getaddresses(values) if "@" in address]


def _answer(mail: EmailMessage) -> str:
    """What was written, without what it answers and without the signature."""
    part = mail.get_body(("plain", "html"))
    if part is None:
        return ""
    text = str(part.get_content()).replace("\r\n", "\n").replace("\r", "\n")
    if part.get_content_subtype() == "html":
        text = _text_of(text)
    text = text[:LONGEST]
    quoted = _QUOTED.search(text)
    return (text[: quoted.start()] if quoted else text).strip()


class _Words(HTMLParser):
    BREAKS: Final = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "table"})
    SILENT: Final = frozenset({"script", "style", "head", "title", "blockquote"})

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        if tag in self.SILENT:
            self._silent += 1
        elif tag in self.BREAKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.SILENT and self._silent:
            self._silent -= 1
        elif tag == "p":
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


def _text_of(html: str) -> str:
    parser = _Words()
    parser.feed(html)
    parser.close()
    return "\n".join(_lines("".join(parser.words)))


def _lines(text: str) -> Iterator[str]:
    """Lines without the space that only laid HTML out, and no two empty ones in a row."""
    empty = True
    for line in (" ".join(raw.split()) for raw in text.split("\n")):
        if line or not empty:
            yield line
        empty = not line
