"""Generates the functions that make answers of rows: one expression a row, without a call for what a column holds.

A function that is generated trusts its rows. Where one is not as the schema promises (null, a value that its type does
not have), it raises, and the answer is made again by `execution.running.completion`, which tells what is wrong, and
where.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, TypeAlias

import orjson
from graphql import GraphQLError, GraphQLLeafType, GraphQLList, GraphQLNonNull, GraphQLOutputType, is_leaf_type
from sqlalchemy import Enum
from sqlalchemy.types import ARRAY, TypeEngine

from execution.fields import Column, Computed, Identifier, PagePart
from execution.ids import encode
from execution.planning.plan import TYPENAME, FieldPlan, ObjectPlan
from execution.sql.columns import Layout

Maker: TypeAlias = Callable[..., list[dict[str, Any]]]

Leaves: TypeAlias = Mapping[tuple[str, type], str]
"""How values of a Python type are written as a scalar: its name and the type → an expression of `{0}`."""

PLAIN: Final[Leaves] = {
    ("String", str): "{0}",
    ("ID", str): "{0}",
    ("Boolean", bool): "{0}",
    ("Float", float): "{0}",
    ("Int", int): "{0} if -2147483648 <= {0} <= 2147483647 else irregular()",
}


class IrregularError(Exception):
    """A row is not as the schema promises."""


def irregular() -> Any:
    """Called from generated code where a value is not what it must be."""
    raise IrregularError


def maker(plan: ObjectPlan, layout: Any, leaves: Leaves, cursor: Sequence[str] = ()) -> Maker:
    """The function `make(rows, info, cursor)` for rows of this layout: dictionaries in the order of the answer.

    Fields that need more than the row are None in them, to be filled in. `cursor` are the columns of which the
    function of this name makes the cursor of a row.
    """
    key: Hashable = (layout.key, tuple(cursor))
    made = plan.makers.get(key)
    if made is None:
        made = plan.makers[key] = _Code(layout, leaves, cursor).compile(plan)
    return made


def written(kind: GraphQLOutputType) -> Callable[[Any], Any]:
    """Makes an answer's value of a Python value of a leaf type, or of lists of one; raises where it is none."""
    if isinstance(kind, GraphQLNonNull):
        inner = written(kind.of_type)
        return lambda value: irregular() if value is None else _present(inner(value))
    if isinstance(kind, GraphQLList):
        each = written(kind.of_type)
        return lambda value: None if value is None else [each(item) for item in value]
    return lambda value: None if value is None else kind.serialize(value)  # type: ignore[union-attr]  # a leaf type


def _present(value: Any) -> Any:
    return irregular() if value is None else value


class _Code:
    """Writes one function."""

    def __init__(self, layout: Any, leaves: Leaves, cursor: Sequence[str]) -> None:
        self._layout = layout
        self._leaves = leaves
        self._cursor = cursor
        self._used: dict[str, str] = {}
        self._conditions: list[str] = []
        self._names: dict[str, Any] = {"irregular": irregular, "encode": encode, "Fragment": orjson.Fragment}

    def compile(self, plan: ObjectPlan) -> Maker:
        """The function that makes the objects of a plan."""
        entries = ", ".join(f"{each.key!r}: {self._entry(plan, each)}" for each in plan.fields)
        made = f"{{{entries}}}"
        if self._conditions:
            made = f"{made} if {' and '.join(self._conditions)} else irregular()"
        source = f"def make(rows, info, cursor):\n    return [{made} for {self._target()} in rows]\n"
        exec(source, self._names)  # noqa: S102 - the source is made of names of the schema, quoted, and of the templates above
        function: Maker = self._names["make"]
        return function

    def _target(self) -> str:
        if not isinstance(self._layout, Layout):
            return "row"
        targets = ["_"] * self._layout.width
        for name, variable in self._used.items():
            targets[self._layout.positions[name]] = variable
        return ", ".join(targets) + ","

    def _column(self, name: str) -> str:
        """The variable that has a column's value."""
        if not isinstance(self._layout, Layout):
            return f"row[{name!r}]"
        return self._used.setdefault(name, f"c{self._layout.positions[name]}")

    def _name(self, value: Any) -> str:
        """A name for a value that the code uses."""
        name = f"v{len(self._names)}"
        self._names[name] = value
        return name

    def _entry(self, plan: ObjectPlan, field: FieldPlan) -> str:
        if field.nested is not None:
            return "None"
        match field.source:
            case Column(name):
                return self._leaf(field.type, name)
            case Identifier(prefix, column):
                return self._identifier(prefix, column)
            case Computed():
                return f"{self._name(written(field.type))}({self._call(field.source)})"
            case PagePart.CURSOR:
                return f"cursor({', '.join(self._column(name) for name in self._cursor)})"
        return repr(plan.type.name) if field.source is TYPENAME else "None"

    def _identifier(self, prefix: str, column: str) -> str:
        variable = self._column(column)
        if not isinstance(self._layout, Layout):
            return f"encode({prefix!r}, {variable})"
        self._conditions.append(f"{variable} is not None")
        return f"{prefix + '_'!r} + {variable}"

    def _call(self, source: Computed) -> str:
        info = ", info" if source.contextual else ""
        return f"{self._name(source.function)}({self._mapping(source.needs)}{info})"

    def _mapping(self, names: Sequence[str]) -> str:
        """The row, or what there is of it, as Python values by name."""
        if not isinstance(self._layout, Layout):
            return "row"
        return f"{{{', '.join(f'{name!r}: {self._converted(name)}' for name in names)}}}"

    def _converted(self, name: str) -> str:
        variable, convert = self._column(name), self._layout.converter(name)
        return variable if convert is None else f"(None if {variable} is None else {self._name(convert)}({variable}))"

    def _leaf(self, kind: GraphQLOutputType, name: str) -> str:
        required = isinstance(kind, GraphQLNonNull)
        inner: Any = kind.of_type if isinstance(kind, GraphQLNonNull) else kind
        template = self._template(inner, self._layout.types.get(name))
        if template is None:
            return f"{self._name(written(kind))}({self._converted(name)})"
        variable = self._column(name)
        expression = template.format(variable)
        if required:
            self._conditions.append(f"{variable} is not None")
            return f"({expression})"
        return variable if expression == variable else f"(None if {variable} is None else {expression})"

    def _template(self, kind: Any, column: TypeEngine[Any] | None) -> str | None:
        """The expression for values of a column that are there, or None where there is no short one."""
        if column is None:
            return None
        if isinstance(kind, GraphQLList):
            return self._list_template(kind, column)
        if isinstance(column, Enum) and is_leaf_type(kind):
            return f"{self._name(_texts(kind, column))}[{{0}}]"
        return self._leaves.get((kind.name, column.python_type))

    def _list_template(self, kind: GraphQLList[Any], column: TypeEngine[Any]) -> str | None:
        required = isinstance(kind.of_type, GraphQLNonNull)
        inner = kind.of_type.of_type if required else kind.of_type
        if not isinstance(column, ARRAY) or self._template(inner, column.item_type) != "{0}":
            return None
        return "{0} if None not in {0} else irregular()" if required else "{0}"


def _texts(kind: GraphQLLeafType, column: Enum) -> dict[str, Any]:
    """What is written for each text that an enumeration's column can have, as far as the schema has it."""
    members = column.enum_class
    texts = {}
    for text in column.enums:
        with suppress(GraphQLError):
            texts[text] = kind.serialize(text if members is None else members[text])
    return texts
