"""Text that people write: what is kept, what is refused, and that no text takes longer than its length deserves."""

import pytest

from domain.errors import Problems, RefusedError
from domain.support.text import check_text, composed


def checked(text: str, most: int = 100, *, lines: bool = False) -> str | list[str]:
    """The text, or the codes of what is wrong with it."""
    problems = Problems()
    value = check_text(text, problems, "text", most=most, lines=lines)
    try:
        problems.refuse_if_any()
    except RefusedError as refused:
        return [problem.code.value for problem in refused.problems]
    return value


def test_text_is_trimmed_and_composed() -> None:
    assert checked("  A\u030asa\u2003") == "\u00c5sa"


def test_length_is_counted_after_composing() -> None:
    assert checked("A\u030a" * 100) == "\u00c5" * 100
    assert checked("A\u030a" * 101) == ["TOO_LONG"]


def test_lines_and_tabs_are_for_long_text() -> None:
    assert checked("a\r\n\tb", lines=True) == "a\n\tb"
    assert checked("a\nb") == ["INVALID_TEXT"]


@pytest.mark.parametrize("character", ["\0", "\u0007", "\u202d", "\u202e", "\ud800", "\ue000", "\ufdd0"])
def test_what_is_no_text_is_refused(character: str) -> None:
    assert checked(f"a{character}b", lines=True) == ["INVALID_TEXT"]


@pytest.mark.parametrize("text", ["\u200fשלום\u200e", "\u2067abc\u2069", "👩\u200d👩\u200d👧", "नमस्ते", "Zażółć"])
def test_every_script_is_text_with_the_marks_that_it_needs(text: str) -> None:
    assert checked(text) == text


def test_no_more_than_30_marks_are_stacked() -> None:
    """To sort many takes quadratic time: a megabyte of them would keep a worker busy for minutes."""
    assert composed("e" + "\u0327" * 30) is not None
    assert composed("e" + "\u0327" * 31) is None
    assert checked("e" + "\u0301\u0327" * 200_000) == ["INVALID_TEXT"]
