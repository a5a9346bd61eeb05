"""Text that people write: trimmed, bounded, and free of what cannot be stored or shown."""

import unicodedata

from domain.errors import ErrorCode, Problems

_UNSAFE = {"Cc", "Cs", "Co", "Cn"}
"""Control characters (NUL among them), lone surrogates, private and unassigned code points."""
_LAYOUT = {"\n", "\t"}
_OVERRIDES = {"\u202d", "\u202e"}
"""Turn the direction of all that follows, so that a text reads as another; no script needs them."""
_STACKED = 30
"""Combining marks in a row, as Unicode's Stream-Safe Text Format has it: to sort more takes quadratic time."""


def composed(text: str) -> str | None:
    """The text in NFC; None where more marks are stacked on a letter than any language does."""
    stacked = 0
    for character in "" if text.isascii() else text:
        stacked = stacked + 1 if unicodedata.combining(character) else 0
        if stacked > _STACKED:
            return None
    return unicodedata.normalize("NFC", text)


def check_text(
    value: str | None, problems: Problems, *path: str, most: int, required: bool = False, lines: bool = False
) -> str:
    """The trimmed text in NFC, of at most `most` characters; `lines` allows line breaks and tabs.

    What is wrong is noted at `path`, and the value means something only if nothing was noted.
    """
    text = composed((value or "").replace("\r\n", "\n").strip())
    if text is None or not (text.isprintable() or all(_is_safe(c, lines=lines) for c in {*text})):
        problems.add(ErrorCode.INVALID_TEXT, "The text contains characters that are not text.", *path)
    elif len(text) > most:
        message = f"The text has {len(text)} characters; at most {most} are allowed."
        problems.add(ErrorCode.TOO_LONG, message, *path, limit=most, actual=len(text))
    elif required and not _says_something(text):
        problems.add(ErrorCode.REQUIRED, "Enter a text.", *path)
    return text or ""


def _says_something(text: str) -> bool:
    """Whether there is more in it than space, and marks that nobody sees."""
    return any(unicodedata.category(character)[0] not in "CZ" for character in {*text})


def _is_safe(character: str, *, lines: bool) -> bool:
    """Where a text is not printable as a whole: what is printable is of none of these kinds."""
    if lines and character in _LAYOUT:
        return True
    return character not in _OVERRIDES and unicodedata.category(character) not in _UNSAFE
