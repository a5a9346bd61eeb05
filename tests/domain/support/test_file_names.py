"""Names of files, kept for showing and made harmless for saving (A11)."""

import pytest

from domain.errors import ErrorCode, Problems, RefusedError
from domain.support.file_names import checked_name, harmless


@pytest.mark.parametrize("name", ["night.log", "Größe ½.pdf", "日誌.txt", "CON", "a:b?.txt", "x" * 255, ".profile"])
def test_A11_a_name_is_kept_as_it_was_given(name: str) -> None:
    problems = Problems()
    assert checked_name(f" {name} ", problems, "fileName") == name
    problems.refuse_if_any()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../../etc/passwd", ErrorCode.INVALID_TEXT),
        ("C:\\Users\\x.txt", ErrorCode.INVALID_TEXT),
        ("invoice\u202egpj.exe", ErrorCode.INVALID_TEXT),
        ("a\u2066b\u2069.txt", ErrorCode.INVALID_TEXT),
        ("a\u200bb.txt", ErrorCode.INVALID_TEXT),
        ("a\r\nSet-Cookie: x", ErrorCode.INVALID_TEXT),
        ("a\x00.png", ErrorCode.INVALID_TEXT),
        ("\ud800", ErrorCode.INVALID_TEXT),
        ("", ErrorCode.REQUIRED),
        ("..", ErrorCode.REQUIRED),
        (" . ", ErrorCode.REQUIRED),
        ("x" * 256, ErrorCode.TOO_LONG),
    ],
)
def test_A11_a_name_that_is_a_path_or_misleads_is_refused(name: str, code: ErrorCode) -> None:
    problems = Problems()
    checked_name(name, problems, "fileName")
    with pytest.raises(RefusedError) as refused:
        problems.refuse_if_any()
    assert [(problem.code, problem.field) for problem in refused.value.problems] == [(code, ("fileName",))]


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("night.log", "night.log"),
        ("Größe.pdf", "Größe.pdf"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("Com1.tar.gz", "_Com1.tar.gz"),
        ("console.log", "console.log"),
        (".htaccess", "htaccess"),
        ("-rf", "rf"),
        ("a<b>:c|d?e*.txt", "a_b__c_d_e_.txt"),
        ('say "hello".txt', "say _hello_.txt"),
        ("100%25.txt", "100_25.txt"),
        ("trailing. . ", "trailing"),
        ("x" * 255, "x" * 200),
        ("x" * 250 + ".txt", "x" * 196 + ".txt"),
        ("ü" * 200 + ".txt", "ü" * 98 + ".txt"),
    ],
)
def test_A11_a_file_is_saved_under_a_harmless_name(name: str, saved: str) -> None:
    assert harmless(name) == saved
    assert len(saved.encode()) <= 200
