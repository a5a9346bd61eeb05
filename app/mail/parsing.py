"""The bytes of a mail as a tree of parts, within bounds.

The standard library's parser takes minutes or hours for a few megabytes that are made for it: each line is held
against every boundary that is open, and headers are taken apart again at each use. What is beyond the bounds is refused
before that. Headers stay as they were written: the policy that takes them apart costs the square of their length.
"""

import re
from email import message_from_bytes
from email.message import Message
from email.policy import Compat32
from typing import Any, Final

LARGEST: Final = 10 * 1024 * 1024
MOST_LINES: Final = 500_000
MOST_PARTS: Final = 100
DEEPEST: Final = 10
LONGEST_HEADER: Final = 32 * 1024
LONGEST_OF_CONTENT: Final = 2 * 1024
"""Characters of a header that tells of a part: a mail has a hundred of them."""
LONGEST_HEAD: Final = 256 * 1024
_HEAD_ENDS: Final = re.compile(rb"\r?\n\r?\n")


class UnreadableError(ValueError):
    """This is no mail that anybody could have meant; the message says why."""


class Part(Message):
    """A mail, or a part of one."""

    depth = 0

    def attach(self, payload: Any) -> None:
        """Take in a part; raises `UnreadableError` for one that lies too deep."""
        payload.depth = self.depth + 1
        if payload.depth > DEEPEST:
            raise UnreadableError(f"Its parts are nested deeper than {DEEPEST}.")
        super().attach(payload)

    def parts(self) -> list["Part"]:
        """What it consists of, where it is of several parts."""
        payload: Any = self.get_payload()
        return payload if self.is_multipart() else []


class _Bounded(Compat32):
    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        """As it was written, if it is not too long."""
        name, value = super().header_source_parse(sourcelines)
        most = LONGEST_OF_CONTENT if name.lower().startswith("content-") else LONGEST_HEADER
        if len(value) > most:
            raise UnreadableError(f"One of its headers is longer than {most} characters.")
        return name, value


def head_of(raw: bytes) -> Part:
    """Its headers alone; raises `UnreadableError`."""
    head = raw[: LONGEST_HEAD + 1]
    ends = _HEAD_ENDS.search(head)
    if ends is None and len(head) > LONGEST_HEAD:
        raise UnreadableError(f"Its headers are larger than {LONGEST_HEAD // 1024} KiB.")
    return _parsed(head[: ends.end()] if ends else head)


def parsed(raw: bytes) -> Part:
    """All of it; raises `UnreadableError`."""
    if len(raw) > LARGEST:
        raise UnreadableError(f"It is larger than {LARGEST // 1024 // 1024} MiB.")
    if raw.count(b"\n") > MOST_LINES:
        raise UnreadableError(f"It has more than {MOST_LINES:,} lines.")
    return _parsed(raw)


def _parsed(raw: bytes) -> Part:
    made = -1  # the parser makes one to see how it is done

    def part(policy: Any) -> Part:
        nonlocal made
        made += 1
        if made > MOST_PARTS:
            raise UnreadableError(f"It has more than {MOST_PARTS} parts.")
        return Part(policy)

    return message_from_bytes(raw, _class=part, policy=_Bounded())  # type: ignore[arg-type,return-value]  # a maker is a class enough
