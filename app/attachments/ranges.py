"""One range of bytes of a file (RFC 9110, 14): who asks for several at once gets it whole."""

import re
from dataclasses import dataclass
from typing import Final

SINGLE: Final = re.compile(r"bytes=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.ASCII | re.IGNORECASE)


class UnsatisfiableError(Exception):
    """The range begins behind the last byte."""


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes from `start` until before `end`."""

    start: int
    end: int

    def described(self, size: int) -> str:
        """As `Content-Range` has it."""
        return f"bytes {self.start}-{self.end - 1}/{size}"


def span_of(header: str | None, size: int) -> Span | None:
    """The range that a header asks for, None for all; raises `UnsatisfiableError`. What is no range is passed over."""
    found = SINGLE.fullmatch(header or "")
    if found is None or found[0].replace(" ", "").endswith("=-"):
        return None
    first, last = found.groups()
    if not first:
        return _checked(Span(max(size - int(last), 0), size))
    if last and int(last) < int(first):
        return None
    return _checked(Span(int(first), min(int(last) + 1, size) if last else size))


def _checked(span: Span) -> Span:
    if span.start >= span.end:
        raise UnsatisfiableError
    return span
