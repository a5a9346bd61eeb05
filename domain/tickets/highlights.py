"""Where the words of a search are in a ticket: excerpts in parts, so that no markup gets into people's text.

Words are folded as the database's `searchable` folds them, near enough for showing: the list alone decides what is
found. Nothing but a ticket's own fields is looked at, which all may read who see it; what was said is not among them.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from domain.customers.criteria import keywords

WORD: Final = re.compile(r"(?:[^\W_][\u0300-\u036f]*)+")
LETTERS: Final = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
BEFORE: Final = 60
LONGEST: Final = 240
"""Characters of an excerpt, of which some come before its first word that was found."""

Span = tuple[int, int]
Words = tuple[str, ...]


class TicketTextField(StrEnum):
    """The part of a ticket in which something was found."""

    NUMBER = "NUMBER"
    SUMMARY = "SUMMARY"
    DETAILS = "DETAILS"
    CONTACT_NAME = "CONTACT_NAME"
    CONTACT_EMAIL = "CONTACT_EMAIL"
    JOB_ID = "JOB_ID"


COLUMNS: Final = ("searched", "number", "summary", "details", "contact_name", "contact_email", "job_ids")


def highlights(row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The excerpts of a row that a search has found; none without a search."""
    wanted = sought(row["searched"])
    if not wanted:
        return []
    excerpts = ((field, _excerpt(text, wanted)) for field, text in _texts(row))
    return [{"field": field, "parts": parts} for field, parts in excerpts if parts]


@lru_cache(maxsize=256)
def sought(search: str) -> frozenset[Words]:
    """The words of each keyword, in their order."""
    return frozenset(found for keyword in keywords(search) if (found := tuple(_folded(keyword))))


def _texts(row: Mapping[str, Any]) -> Iterator[tuple[TicketTextField, str]]:
    for field in TicketTextField:
        if field is TicketTextField.JOB_ID:
            yield from ((field, text) for text in row["job_ids"])
        else:
            yield field, row[field.value.lower()]


def _excerpt(text: str, wanted: frozenset[Words]) -> list[dict[str, Any]]:
    """The text around the first find in parts, found and other ones by turns; none where nothing is found."""
    spans = _spans(text, wanted)
    if not spans:
        return []
    start = max(spans[0][0] - BEFORE, 0) if len(text) > LONGEST else 0
    end = min(start + LONGEST, len(text))
    parts, at = [], start
    for begin, over in spans:
        if begin >= end:
            break
        parts += [_part(text[at:begin], matched=False), _part(text[begin : min(over, end)], matched=True)]
        at = min(over, end)
    return [part for part in (*parts, _part(text[at:end], matched=False)) if part["text"]]


def _part(text: str, *, matched: bool) -> dict[str, Any]:
    return {"text": text, "matched": matched}


def _spans(text: str, wanted: frozenset[Words]) -> list[Span]:
    """From where to where words are that were looked for, side by side where several were; in order, and apart."""
    places = [match.span() for match in WORD.finditer(text)]
    spoken = [_fold(text[start:end]) for start, end in places]
    found = [
        (places[at][0], places[at + len(words) - 1][1])
        for at in range(len(spoken))
        for words in wanted
        if tuple(spoken[at : at + len(words)]) == words
    ]
    return _apart(sorted(found))


def _apart(spans: list[Span]) -> list[Span]:
    made: list[Span] = []
    for start, end in spans:
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((start, end))
    return made


def _folded(text: str) -> Iterator[str]:
    return (_fold(word) for word in WORD.findall(text))


def _fold(word: str) -> str:
    """Without case and accents."""
    plain = unicodedata.normalize("NFKD", word.lower())
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).translate(LETTERS)
