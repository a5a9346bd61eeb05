"""What stands in the log: a JSON object a line."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO, TextIOWrapper
from typing import Any

import orjson
import pytest
import structlog

from app.http.logs import configure_logs


class Logged:
    """A logger, and what it has written."""

    def __init__(self, file: BytesIO) -> None:
        self._file = file
        self.log: Any = structlog.get_logger("tests")

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [orjson.loads(line) for line in self._file.getvalue().splitlines()]


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Iterator[Logged]:
    configured, file = structlog.get_config(), BytesIO()
    error = TextIOWrapper(file)  # closes the file when nobody holds it any more
    monkeypatch.setattr(sys, "stderr", error)
    configure_logs()
    yield Logged(file)
    structlog.configure(**configured)
    structlog.contextvars.clear_contextvars()


def test_a_line_has_what_is_told_then_level_and_time(logged: Logged) -> None:
    before = datetime.now(UTC)
    logged.log.warning("not ready", error="OSError", costs=None)
    [line] = logged.lines
    time = line.pop("timestamp")
    assert list(line.items()) == [("error", "OSError"), ("costs", None), ("event", "not ready"), ("level", "warning")]
    assert time.endswith("Z")
    assert before <= datetime.fromisoformat(time) <= datetime.now(UTC)


def test_details_are_not_logged_unless_they_are_wanted(logged: Logged) -> None:
    logged.log.debug("request")
    assert logged.lines == []


@pytest.mark.parametrize(("told", "shown"), [({}, "of-the-request"), ({"request_id": "given"}, "given")])
def test_a_line_says_of_which_request_it_is(logged: Logged, told: dict[str, str], shown: str) -> None:
    structlog.contextvars.bind_contextvars(request_id="of-the-request")
    logged.log.info("something", **told)
    assert [line["request_id"] for line in logged.lines] == [shown]


def fail(secret: str) -> None:
    raise ValueError(len(secret))


def test_an_exception_is_told_with_its_traceback_but_without_variables(logged: Logged) -> None:
    try:
        fail("hunter2")
    except ValueError:
        logged.log.exception("unexpected error")
    [line] = logged.lines
    assert line["level"] == "error"
    assert line["exception"].startswith("Traceback (most recent call last):")
    assert line["exception"].endswith("ValueError: 7")
    assert "secret = " not in line["exception"]
    assert "exc_info" not in line


def test_what_json_does_not_know_is_told_as_text(logged: Logged) -> None:
    logged.log.info("something", what=ValueError("odd"))
    assert [line["what"] for line in logged.lines] == ["odd"]
