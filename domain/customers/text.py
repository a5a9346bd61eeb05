"""Text that people write: trimmed, bounded, and free of what cannot be stored or shown."""

import unicodedata

from domain.errors import ErrorCode, Problems

_UNSAFE = {"Cc", "Cs", "Co", "Cn"}
"""Control characters (NUL among them), lone surrogates, private and unassigned code points."""
_LAYOUT = {"\n", "\t"}


def check_text(
    value: str | None, problems: Problems, *path: str, most: int, required: bool = False, lines: bool = False
) -> str:
    """The trimmed text in NFC, of at most `most` characters; `lines` allows line breaks and tabs.

    What is wrong is noted at `path`, and the value means something only if nothing was noted.
    """
    text = unicodedata.normalize("NFC", (value or "").replace("\r\n", "\n").strip())
    allowed = _LAYOUT if lines else set()
    if any(unicodedata.category(c) in _UNSAFE and c not in allowed for c in text):
        problems.add(ErrorCode.INVALID_TEXT, "The text contains characters that are not text.", *path)
    elif len(text) > most:
        message = f"The text has {len(text)} characters; at most {most} are allowed."
        problems.add(ErrorCode.TOO_LONG, message, *path, limit=most, actual=len(text))
    elif required and not text:
        problems.add(ErrorCode.REQUIRED, "Enter a text.", *path)
    return text
