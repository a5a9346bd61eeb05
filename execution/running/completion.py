"""Makes an answer field by field (GraphQL's CompleteValue()): errors have their paths, nulls go up as far as they must.

Used where generated code met something irregular. The rows are there already: nothing is read again.
"""

from typing import Any

from graphql import (
    GraphQLError,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLOutputType,
    is_leaf_type,
    located_error,
)
from graphql.pyutils import Path

from execution.fields import Column, Computed, Identifier, PagePart
from execution.ids import encode
from execution.planning.plan import INTROSPECTION, TYPENAME, FieldPlan
from execution.running.levels import Level


class Completion:
    """Answers of the levels of one operation; `errors` are those of fields that became null."""

    def __init__(self, information: Any) -> None:
        self.errors: list[GraphQLError] = []
        self._information = information

    def object(self, level: Level, position: int, path: Path | None) -> dict[str, Any]:
        """The object of a row; raises where it has to be null."""
        return {field.key: self.field(field, level, position, path) for field in level.plan.fields}

    def field(self, field: FieldPlan, level: Level, position: int, path: Path | None) -> Any:
        """The value of a field; null, with its error kept, where something is wrong and null is possible."""
        here = Path(path, field.key, field.parent.name)
        try:
            value = self._value(field, level, position)
            return value if field.source is INTROSPECTION else self._complete(field, field.type, value, here)
        except Exception as error:
            return self.failed(field, field.type, error, here)

    def failed(self, field: FieldPlan, kind: GraphQLOutputType, error: Exception, path: Path) -> None:
        """Keep the error of what is null now; raises it where null is not possible."""
        located = located_error(error, field.nodes, path.as_list())
        if isinstance(kind, GraphQLNonNull):
            raise located
        self.errors.append(located)

    def _value(self, field: FieldPlan, level: Level, position: int) -> Any:
        """What a row has for a field, before it is completed."""
        if field.key in level.children:
            return level.children[field.key].value(position)
        row, layout = level.rows[position], level.layout
        match field.source:
            case Column(name):
                return layout.value(row, name)
            case Identifier(prefix, column):
                return encode(prefix, layout.value(row, column))
            case Computed(function, needs, contextual):
                more = (self._information,) if contextual else ()
                return function(layout.mapping(row, needs), *more)
            case PagePart.CURSOR:
                return level.pages.cursor(row)
            case _ if field.source is TYPENAME:
                return level.plan.type.name
        raise TypeError(f"{field.name} has no value")

    def _complete(self, field: FieldPlan, kind: GraphQLOutputType, value: Any, path: Path) -> Any:
        if isinstance(value, Exception):
            raise value
        if isinstance(kind, GraphQLNonNull):
            completed = self._complete(field, kind.of_type, value, path)
            if completed is None:
                raise TypeError(f"Cannot return null for non-nullable field {field.parent.name}.{field.name}.")
            return completed
        if value is None:
            return None
        if isinstance(kind, GraphQLList):
            return [self._item(field, kind.of_type, each, Path(path, n, None)) for n, each in enumerate(value)]
        if is_leaf_type(kind):
            return _serialized(kind, value)
        level, position = value
        return self.object(level, position, path)

    def _item(self, field: FieldPlan, kind: GraphQLOutputType, value: Any, path: Path) -> Any:
        try:
            return self._complete(field, kind, value, path)
        except Exception as error:
            return self.failed(field, kind, error, path)


def _serialized(kind: GraphQLLeafType, value: Any) -> Any:
    written = kind.serialize(value)
    if written is None:
        raise TypeError(f"Expected `{kind}.serialize({value!r})` to return non-nullable value, returned: None")
    return written
