"""Names of files: kept as they were given, for showing, and made harmless for whoever saves one."""

import re
import unicodedata
from pathlib import PurePosixPath
from typing import Final

from domain.errors import ErrorCode, Problems
from domain.support.text import composed

LONGEST_NAME: Final = 255
_UNSAFE: Final = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Characters that no file's name needs; some of them (Cf) turn the direction of text, so that it reads as another."""
_FORBIDDEN: Final = re.compile(r'[<>:"|?*/\\%]')
"""What some system's file names cannot have, and the percent sign, which some browsers decode."""
_RESERVED: Final = re.compile(r"(?i)(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?\Z")
"""Devices of Windows, whatever follows the first dot."""
_MOST_BYTES: Final = 200
"""Most file systems take 255; what a browser adds to a name that is taken must fit, too."""


def checked_name(given: str, problems: Problems, *path: str) -> str:
    """A bare file name: no path, no control or direction characters, not only dots."""
    text = composed(given.strip())
    name = text or ""
    if text is None or any(unicodedata.category(c) in _UNSAFE or c in "/\\" for c in name):
        message = "A file's name has neither path separators nor invisible characters."
        problems.add(ErrorCode.INVALID_TEXT, message, *path)
    elif not name.strip(". "):
        problems.add(ErrorCode.REQUIRED, "Give the file's name.", *path)
    elif len(name) > LONGEST_NAME:
        message = f"The name has {len(name)} characters; at most {LONGEST_NAME} are allowed."
        problems.add(ErrorCode.TOO_LONG, message, *path, limit=LONGEST_NAME, actual=len(name))
    return name


def cleaned(given: str) -> str:
    """A name that nobody was asked about, such as one in a mail, as `checked_name` would take it."""
    name = re.split(r"[/\\]", (composed(given) or "").strip())[-1]
    return harmless("".join(c for c in name if unicodedata.category(c) not in _UNSAFE))


def harmless(name: str) -> str:
    """The name under which the file can be saved on any system: no device, nothing hidden, not too long."""
    kept = _FORBIDDEN.sub("_", name).lstrip(". -~").rstrip(". ") or "file"
    if _RESERVED.match(kept):
        kept = f"_{kept}"
    if len(kept.encode()) <= _MOST_BYTES:
        return kept
    suffix = PurePosixPath(kept).suffix
    suffix = suffix if len(suffix.encode()) <= 20 else ""
    stem = kept.encode()[: _MOST_BYTES - len(suffix.encode())].decode(errors="ignore")
    return stem + suffix
