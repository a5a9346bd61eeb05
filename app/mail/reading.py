"""Reading a mail that came in: who it says it is from, what was written, and whether a person wrote it."""

import hashlib
import re
from dataclasses import dataclass, replace
from email.utils import getaddresses
from typing import Final

from app.mail.enclosures import contents
from app.mail.parsing import Part, UnreadableError, head_of, parsed
from domain.mail.files import Enclosure

RECIPIENTS: Final = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
AUTOMATIC: Final = (
    "List-Id",
    "List-Unsubscribe",
    "List-Post",
    "X-Autoreply",
    "X-Autorespond",
    "X-Auto-Reply-From",
    "X-Loop",
)
BULK: Final = frozenset({"bulk", "junk", "list", "auto_reply"})
SUPPRESSED: Final = frozenset({"all", "oof", "autoreply"})
"""What Exchange writes into notes of absence: nobody is to answer them by another one."""
LONGEST_ADDRESS: Final = 254
_FROM: Final = re.compile(r"[^<>]*<\s*([^\s<>@]+@[^\s<>@]+)\s*>\s*|\s*([^\s<>@]+@[^\s<>@]+)\s*(?:\([^()]*\)\s*)?")
_ADDRESS: Final = re.compile(r"[^\s<>@,;:\"()]{1,64}@[\w.-]{1,255}")
_NAMES: Final = re.compile(r"<[^<>\s]{1,500}>")
# Where the answer ends and what is answered begins, as the usual programs write it.
_QUOTED: Final = re.compile(
    r"^(?:>|-{2,}[ \t]*(?:Original|Forwarded) Message[ \t]*-{2,}|_{20,}[ \t]*$|-- $"
    r"|(?:On .{1,200} wrote|Am .{1,200} schrieb .{1,200}|Le .{1,200} a écrit|El .{1,200} escribió|Den .{1,200} skrev)"
    r"[ \t]*:[ \t]*$)",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Read:
    """A mail whose headers could be read; `problem` says why the rest could not. `answers` are names of other mails."""

    mail: Part
    name: str
    sender: str
    recipients: tuple[str, ...]
    answers: tuple[str, ...]
    body: str = ""
    files: tuple[Enclosure, ...] = ()
    problem: str | None = None

    @property
    def automatic(self) -> bool:
        """Whether a program wrote it: nothing answers a program (RFC 3834)."""
        mail = self.mail
        told = _header(mail, "Auto-Submitted").partition(";")[0].strip().lower() or "no"
        suppressed = {one.strip().lower() for one in _header(mail, "X-Auto-Response-Suppress").split(",")}
        return (
            told != "no"
            or any(_header(mail, name).lower() in BULK for name in ("Precedence", "X-Precedence"))
            or not suppressed.isdisjoint(SUPPRESSED)
            or _header(mail, "Return-Path") == "<>"
            or mail.get_content_type() == "multipart/report"
            or any(name in mail for name in AUTOMATIC)
        )


def read(raw: bytes, *recipients: str) -> Read:
    """Read a mail; `recipients` are those of its envelope. Raises `UnreadableError` if it does not say whose it is."""
    try:
        known = _known(raw, recipients)
    except UnreadableError:
        raise
    except Exception as error:  # the parser raises whatever hostile bytes make of it
        raise UnreadableError(_malformed(error)) from error
    try:
        body, files = contents(parsed(raw))
        return replace(known, body=_answer(body), files=files)
    except UnreadableError as error:
        return replace(known, problem=str(error))
    except Exception as error:  # as above
        return replace(known, problem=_malformed(error))


def _known(raw: bytes, recipients: tuple[str, ...]) -> Read:
    """What its headers tell."""
    mail = head_of(raw)
    name = _header(mail, "Message-ID")[:500] or f"<sha256.{hashlib.sha256(raw).hexdigest()}>"
    found = (*(one.lower() for one in recipients), *_recipients(mail))
    answers = _NAMES.findall(f"{_header(mail, 'References')} {_header(mail, 'In-Reply-To')}")
    return Read(mail, name, _sender(mail), found, tuple(answers))


def _malformed(error: Exception) -> str:
    return f"It is malformed ({type(error).__name__})."


def _header(mail: Part, name: str) -> str:
    """A header on one line, of characters that can be kept; empty where there is none."""
    value = "".join(one if one.isprintable() else " " for one in str(mail.get(name, "")))
    return " ".join(value.split())


def _sender(mail: Part) -> str:
    """The one address that it is from, written so that everybody reads the same in it."""
    if len(mail.get_all("From", [])) == 1:
        value = _header(mail, "From")
        found = _FROM.fullmatch(value)
        address = ((found[1] or found[2]) if found else "").lower()
        if 0 < len(address) <= LONGEST_ADDRESS and [one.lower() for _, one in getaddresses([value])] == [address]:
            return address
    raise UnreadableError("It has not one sender.")


def _recipients(mail: Part) -> list[str]:
    values = " ".join(str(value) for header in RECIPIENTS for value in mail.get_all(header, []))
    return [one.lower() for one in _ADDRESS.findall(values[: 64 * 1024])]


def _answer(text: str) -> str:
    """What was written, without what it answers and without the signature."""
    quoted = _QUOTED.search(text)
    return (text[: quoted.start()] if quoted else text).strip()
