"""The words of HTML, in one pass.

Not by `html.parser`, which takes the square of the length, or more, for what is made to be slow: 20,000 characters of
`<a <a <a …` kept it busy for 18 seconds.
"""

import html
import re
from collections.abc import Iterator
from typing import Final

LONGEST: Final = 1_000_000
"""Characters that are looked at: what a person wrote stands before."""
_TAG: Final = re.compile(r"(<[/!?a-zA-Z][^<>]*>)")
_NAME: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_BREAKS: Final = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "table"})
_ENDING: Final = frozenset({"p", "blockquote"})
_SILENT: Final = frozenset({"script", "style", "head", "title", "blockquote"})


def text_of(page: str) -> str:
    """What somebody reads who is shown it, without what they quote."""
    return "\n".join(_lines("".join(_words(_without_comments(page[:LONGEST]))))).strip()


def _words(page: str) -> Iterator[str]:
    silent = 0
    for place, piece in enumerate(_TAG.split(page)):
        if place % 2 == 0:
            if not silent:
                yield html.unescape(piece)
        elif found := _NAME.match(piece):
            ends, name = found[1] == "/", found[2].lower()
            if name in _SILENT:
                silent = max(silent - 1, 0) if ends else silent + 1
            if not silent and (name in _ENDING if ends else name in _BREAKS):
                yield "\n"


def _without_comments(page: str) -> str:
    kept, at = [], 0
    while (begins := page.find("<!--", at)) >= 0:
        kept.append(page[at:begins])
        ends = page.find("-->", begins + 4)
        at = ends + 3 if ends >= 0 else len(page)
    return "".join([*kept, page[at:]])


def _lines(text: str) -> Iterator[str]:
    """Lines without the space that only laid HTML out, and no two empty ones in a row."""
    empty = True
    for line in (" ".join(raw.split()) for raw in text.split("\n")):
        if line or not empty:
            yield line
        empty = not line
