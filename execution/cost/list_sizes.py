"""How many objects a field can give, read from its type and its paging arguments (spec 0.2)."""

from collections.abc import Hashable, Mapping
from typing import Any, Final

from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    IntValueNode,
    ListValueNode,
    ValueNode,
    VariableNode,
    is_list_type,
    is_non_null_type,
)
from graphql.pyutils import Undefined

from execution.cost.limits import MAX_PAGE

PLAIN_LIST: Final = 10
"""Objects that a list without paging is taken to hold; such lists are short by design."""

PAGE_FIELDS: Final = frozenset({"edges", "nodes"})
SIZE_ARGUMENTS: Final = ("first", "last")
WRAPPERS: Final = ("Connection", "Edge", "PageInfo")


class Sizes:
    """Variables as sent where they say how long a list is; those that were asked for are in `used`.

    `defaults` has every variable of the operation, with the node of its default.
    """

    def __init__(self, defaults: Mapping[str, ValueNode | None], variables: Mapping[str, Any]) -> None:
        self._defaults = defaults
        self._variables = variables
        self.used: set[str] = set()

    def value(self, name: str) -> Any:
        """A variable's value as sent, or the node of its default; Undefined where there is none."""
        self.used.add(name)
        if name not in self._defaults:
            return Undefined
        given = self._variables.get(name, self._defaults[name])
        return Undefined if given is None else given

    def key(self, names: tuple[str, ...]) -> Hashable:
        """All that a measure can depend on when it has asked for `names`."""
        return names, tuple([_size_sent(name, self._variables) for name in names])


def _size_sent(name: str, variables: Mapping[str, Any]) -> Hashable:
    value = variables.get(name)
    return name in variables, value is None, _integer(value), _length(value)


def field_of(parent: GraphQLNamedType | None, name: str) -> GraphQLField | None:
    """The definition of a field, or None where the parent has none (validation says so)."""
    if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType):
        fields: Mapping[str, GraphQLField] = parent.fields
        return fields.get(name)
    return None


def is_wrapper(kind: GraphQLNamedType | None) -> bool:
    """Whether the type only carries a page: its own objects are free."""
    return kind is not None and kind.name.endswith(WRAPPERS)


def list_size(
    node: FieldNode,
    definition: GraphQLField,
    kind: GraphQLNamedType,
    page: int | None,
    sizes: Sizes,
) -> tuple[int, int | None]:
    """How many objects the field gives for each parent, and the page size that its own selection is under.

    A connection gives one object whose `edges` and `nodes` hold the page; `page` is that of the surrounding
    connection.
    """
    if kind.name.endswith("Connection"):
        return 1, _page_size(node, definition, sizes)
    if not _is_list(definition):
        return 1, None
    if page is not None and node.name.value in PAGE_FIELDS:
        return page, None
    if any(name in definition.args for name in SIZE_ARGUMENTS):
        return _page_size(node, definition, sizes), None
    if "ids" in definition.args:
        return _length(_argument(node, "ids", sizes)), None
    return PLAIN_LIST, None


def _is_list(definition: GraphQLField) -> bool:
    kind = definition.type
    return is_list_type(kind.of_type if is_non_null_type(kind) else kind)


def _page_size(node: FieldNode, definition: GraphQLField, sizes: Sizes) -> int:
    """The larger of `first` and `last`, within 1-100; unnamed or unreadable is the largest page."""
    asked = [_integer(_size(node, definition, name, sizes)) for name in SIZE_ARGUMENTS]
    named = [size for size in asked if size is not None]
    return min(max(*named, 1), MAX_PAGE) if named else MAX_PAGE


def _size(node: FieldNode, definition: GraphQLField, name: str, sizes: Sizes) -> Any:
    value = _argument(node, name, sizes)
    if value is not Undefined or name not in definition.args:
        return value
    argument = definition.args[name]
    default = argument.default
    if default is None:
        return argument.default_value
    return default.value if default.literal is None else default.literal


def _argument(node: FieldNode, name: str, sizes: Sizes) -> Any:
    """The value of an argument as written or as its variable has it; Undefined where there is none."""
    for argument in node.arguments or ():
        if argument.name.value == name:
            value = argument.value
            if isinstance(value, VariableNode):
                return sizes.value(value.name.value)
            return value
    return Undefined


def _integer(value: Any) -> int | None:
    """The number behind a value, or None where it is no number."""
    if isinstance(value, IntValueNode):
        return int(value.value[:12])
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float):
        return MAX_PAGE if value > MAX_PAGE else int(value)
    return None


def _length(value: Any) -> int:
    """The number of elements of a list, literal or from a variable; anything else is one element."""
    if isinstance(value, ListValueNode):
        return max(len(value.values), 1)
    return max(len(value), 1) if isinstance(value, list) else 1
