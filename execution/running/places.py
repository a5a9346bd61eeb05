"""Values that Python has made, sorted into rows of objects and where each of them belongs."""

from collections.abc import Callable, Mapping
from typing import Any

from graphql import GraphQLList, GraphQLNonNull, GraphQLOutputType

from execution.sql.columns import Attributes


def tried(function: Callable[..., Any], *arguments: Any) -> Any:
    """What the function gives, or the exception that it raises: one row's error is not another's."""
    try:
        return function(*arguments)
    except Exception as error:
        return error


def placed(value: Any, kind: GraphQLOutputType, rows: list[Any]) -> Any:
    """Add the objects in `value` to `rows`, and give their places in lists as nested as the type says.

    Null and exceptions stay in the place of what they are instead of.
    """
    if value is None or isinstance(value, Exception):
        return value
    inner = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
    if isinstance(inner, GraphQLList):
        if not isinstance(value, list | tuple):
            return TypeError("A list was expected.")
        return [placed(each, inner.of_type, rows) for each in value]
    rows.append(value if isinstance(value, Mapping) else Attributes(value))
    return len(rows) - 1
