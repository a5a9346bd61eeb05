"""The comparer itself: what it must see, and the one thing that it may overlook."""

from typing import Any

import pytest

from tests.differential.compare import difference, nulled_position

REFUSED = {"message": "no", "path": ["a", "b"], "locations": [{"line": 1, "column": 3}], "extensions": {"code": "X"}}


def failed(*paths: list[Any], data: Any = None, **changed: Any) -> dict[str, Any]:
    """A response with an error at each of these paths."""
    return {"errors": [REFUSED | {"path": path} | changed for path in paths], "data": data}


@pytest.mark.parametrize(
    ("expected", "actual", "told"),
    [
        ({"a": 1}, {"a": 2}, "data: data.a: 1 expected, 2 answered"),
        ({"a": 1}, {"a": 1.0}, "data: data.a: 1 expected, 1.0 answered"),
        ({"a": 1}, {"a": True}, "data: data.a: 1 expected, True answered"),
        ({"a": None}, {}, "data: keys of data: ['a'] expected, [] answered"),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, "data: keys of data: ['a', 'b'] expected, ['b', 'a'] answered"),
        ({"a": [{"b": 1}]}, {"a": [{"b": None}]}, "data: data.a[0].b: 1 expected, None answered"),
        ({"a": [1, 2]}, {"a": [1]}, "data: length of data.a: 2 expected, 1 answered"),
        (None, {"a": 1}, "data: data: None expected, {'a': 1} answered"),
    ],
)
def test_data_is_the_same_to_the_letter(expected: Any, actual: Any, told: str) -> None:
    assert difference({"data": expected}, {"data": actual}) == told
    assert difference({"data": expected}, {"data": expected}) is None


def test_a_response_without_data_is_not_one_whose_data_is_null() -> None:
    errors = failed(["a"])["errors"]
    assert difference({"errors": errors}, {"errors": errors, "data": None}) is not None


@pytest.mark.parametrize(
    "changed",
    [
        {"message": "never"},
        {"locations": [{"line": 1, "column": 4}]},
        {"extensions": {"code": "Y"}},
        {"extensions": {"code": "X", "more": 1}},
        {"path": ["a", "c"]},
    ],
)
def test_an_error_is_the_same_in_all_its_parts(changed: dict[str, Any]) -> None:
    data = {"a": {"b": None, "c": None}}
    assert difference(failed(["a", "b"], data=data), failed(["a", "b"], data=data)) is None
    assert difference(failed(["a", "b"], data=data), failed(["a", "b"], data=data, **changed)) is not None


def test_errors_are_counted() -> None:
    data = {"a": {"b": None}}
    assert difference(failed(["a", "b"], data=data), failed(["a", "b"], ["a", "b"], data=data)) is not None


def test_errors_have_no_order() -> None:
    data = {"a": {"b": None, "c": None}}
    assert difference(failed(["a", "b"], ["a", "c"], data=data), failed(["a", "c"], ["a", "b"], data=data)) is None


def test_below_a_nulled_position_any_of_the_errors_will_do() -> None:
    data = {"a": None}
    assert difference(failed(["a", "b"], ["a", "c"], data=data), failed(["a", "d"], data=data)) is None


def test_a_nulled_position_needs_an_error() -> None:
    assert difference(failed(["a", "b"], data={"a": None}), failed(data={"a": None})) is not None


def test_an_error_below_is_not_one_at_the_position() -> None:
    assert difference(failed(["a", "b"], data={"a": None}), failed(["a"], data={"a": None})) is not None


def test_the_error_of_one_nulled_position_says_nothing_about_another() -> None:
    data = {"a": None, "b": None}
    assert difference(failed(["a", "x"], ["b", "x"], data=data), failed(["a", "x"], data=data)) is not None


@pytest.mark.parametrize(
    ("path", "position"),
    [
        (("a", "b"), ("a",)),
        (("l", 1, "x"), ("l", 1)),
        (("l", 0, "x"), ("l", 0, "x")),
        (("v",), None),
        (("none",), None),
    ],
)
def test_the_position_is_the_highest_that_is_null(path: Any, position: Any) -> None:
    assert nulled_position({"a": None, "l": [{"x": None}, None], "v": 1}, path) == position


def test_where_all_data_is_null_the_position_is_the_root() -> None:
    assert nulled_position(None, ("a", "b")) == ()
