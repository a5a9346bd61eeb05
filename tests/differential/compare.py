"""When two responses are the same.

`data` must be equal, the order of keys included. Errors are compared as a multiset of path, message, locations and
extensions: GraphQL orders them in no way.

One freedom is GraphQL's own (specification, "Handling Execution Errors"). Where a field that must not be null fails,
its parent is null in its place, and so on upwards to the first that may be null. What stands beside the field under
that position need not be executed any more, so which of the errors *below* it are told depends on who executes. What
must hold is that both sides tell at least one. Errors at the position itself, and all others, are compared exactly.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import orjson

Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Errors:
    """The errors of a response: those that must be told as they are, and the positions nulled by any of the others."""

    exact: Counter[str]
    nulled: frozenset[Path]


def difference(expected: Mapping[str, Any], actual: Mapping[str, Any]) -> str | None:
    """What is not the same, for people; None where nothing is."""
    if list(expected) != list(actual):
        return f"keys of the response: {list(expected)} expected, {list(actual)} answered"
    if orjson.dumps(expected.get("data")) != orjson.dumps(actual.get("data")):
        return f"data: {_first_difference(expected.get('data'), actual.get('data'), 'data')}"
    return _errors_differ(errors_of(expected), errors_of(actual))


def errors_of(response: Mapping[str, Any]) -> Errors:
    """The errors of a response, as they are compared."""
    exact: Counter[str] = Counter()
    nulled: set[Path] = set()
    for error in response.get("errors", ()):
        path = tuple(error.get("path", ()))
        position = nulled_position(response.get("data"), path)
        if position is None or not path or position == path:
            exact[orjson.dumps(error, option=orjson.OPT_SORT_KEYS).decode()] += 1
        else:
            nulled.add(position)
    return Errors(exact, frozenset(nulled))


def nulled_position(data: Any, path: Path) -> Path | None:
    """The shortest beginning of `path` at which `data` is null; None where the path leads to a value."""
    value = data
    for depth, step in enumerate(path):
        if value is None:
            return path[:depth]
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            return None
    return path if value is None else None


def _errors_differ(expected: Errors, actual: Errors) -> str | None:
    missing, added = expected.exact - actual.exact, actual.exact - expected.exact
    if missing or added:
        return f"errors: missing {sorted(missing.elements())}, not expected {sorted(added.elements())}"
    if expected.nulled != actual.nulled:
        nulled = sorted(map(list, expected.nulled ^ actual.nulled), key=str)
        return f"errors: only one side tells why there is null at {nulled}"
    return None


def _first_difference(expected: Any, actual: Any, path: str) -> str:
    """Where two values of JSON begin to differ, and how."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        if list(expected) != list(actual):
            return f"keys of {path}: {list(expected)} expected, {list(actual)} answered"
        return _first_of(((expected[key], actual[key], f"{path}.{key}") for key in expected), path)
    if isinstance(expected, list) and isinstance(actual, list):
        if len(expected) != len(actual):
            return f"length of {path}: {len(expected)} expected, {len(actual)} answered"
        places = zip(expected, actual, strict=True)
        return _first_of(((left, right, f"{path}[{place}]") for place, (left, right) in enumerate(places)), path)
    return f"{path}: {expected!r} expected, {actual!r} answered"


def _first_of(pairs: Any, path: str) -> str:
    differing = (_first_difference(*pair) for pair in pairs if orjson.dumps(pair[0]) != orjson.dumps(pair[1]))
    return next(differing, f"{path}: something")


def error_codes(response: Mapping[str, Any]) -> Sequence[str]:
    """The codes of the errors, in their order."""
    return [error["extensions"]["code"] for error in response.get("errors", ())]
