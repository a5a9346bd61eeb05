"""What the generated operations reached: to compare empty answers proves nothing."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, Final

import orjson
from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    InlineFragmentNode,
    SelectionSetNode,
    get_named_type,
    get_operation_ast,
    is_abstract_type,
)

from tests.differential.compare import error_codes
from tests.differential.queries import parsed
from tests.support.schema import SCHEMA

FEATURES: Final = {
    "fragment": "fragment ",
    "inline fragment": "... on",
    "inline fragment without a type": "... {",
    "fragment on an interface": "on Node ",
    "@skip": "@skip",
    "@include": "@include",
    "variable": "($v",
    "default of a variable": " = ",
    "alias": ": ",
    "__typename": "__typename",
    "another operation": "query Other",
}
"""GraphQL's means, and how generated documents that use them are told."""
TYPENAMES: Final = ("__typename", "kind_of_it")
"""The keys under which generated queries ask for the type of an object."""


def reachable(root: GraphQLObjectType | None) -> set[str]:
    """`Type.field` for all fields of the types that a root type leads to."""
    found: dict[str, set[str]] = {}
    waiting: list[Any] = [root]
    while waiting:
        kind = waiting.pop()
        if is_abstract_type(kind):
            waiting += SCHEMA.get_possible_types(kind)
        elif isinstance(kind, GraphQLObjectType) and kind.name not in found:
            found[kind.name] = {f"{kind.name}.{name}" for name in kind.fields}
            waiting += [get_named_type(made.type) for made in kind.fields.values()]
    return set().union(*found.values())


@dataclass(slots=True)
class Coverage:
    """Of any number of operations. `answered` counts, by `Type.field`, the values that were neither null nor empty."""

    operations: int = 0
    answered: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    features: Counter[str] = field(default_factory=Counter)
    depths: list[int] = field(default_factory=list)
    values: int = 0
    nulls: int = 0

    def add(self, document: str, operation_name: str | None, response: Mapping[str, Any]) -> None:
        """Count one operation and its answer."""
        self.operations += 1
        self.codes.update(set(error_codes(response)))
        self.features.update(_features(document))
        node = parsed(document)
        operation = get_operation_ast(node, operation_name)
        if operation is None or response.get("data") is None:
            self.depths.append(0)
            return
        parts = {part.name.value: part for part in node.definitions if isinstance(part, FragmentDefinitionNode)}
        root = SCHEMA.get_root_type(operation.operation)
        self.depths.append(self._visit(root, [operation.selection_set], response["data"], parts))

    def merge(self, other: "Coverage") -> None:
        """Count what another has counted, too."""
        self.operations += other.operations
        self.values += other.values
        self.nulls += other.nulls
        self.depths += other.depths
        for name in ("answered", "codes", "features"):
            getattr(self, name).update(getattr(other, name))

    def write(self, file: Path) -> None:
        """Keep it."""
        file.write_bytes(orjson.dumps({name: getattr(self, name) for name in self.__slots__}))

    @staticmethod
    def read(file: Path) -> "Coverage":
        """What was kept."""
        kept = orjson.loads(file.read_bytes())
        return Coverage(**kept | {name: Counter(kept[name]) for name in ("answered", "codes", "features")})

    @property
    def median_depth(self) -> float:
        """Fields from the root to the deepest value, in the median answer."""
        return median(self.depths)

    @property
    def null_share(self) -> float:
        """How many of all values are null."""
        return self.nulls / max(1, self.values)

    def _visit(self, kind: Any, sets: Sequence[SelectionSetNode], value: Any, parts: Mapping[str, Any]) -> int:
        """Count the fields of an object; how deep it is."""
        if isinstance(value, list):
            return max((self._visit(kind, sets, each, parts) for each in value), default=0)
        if is_abstract_type(kind) and value:
            kind = _type_of(kind, sets, value, parts)
        if not isinstance(kind, GraphQLObjectType) or value is None:
            return 0
        below: dict[str, list[FieldNode]] = {}
        for node in (node for each in sets for node in _fields(each, kind, parts)):
            below.setdefault(_key(node), []).append(node)
        asked = ((nodes, value[key]) for key, nodes in below.items() if key in value)
        return max((self._count(kind, nodes, found, parts) for nodes, found in asked), default=0)

    def _count(self, kind: GraphQLObjectType, nodes: list[FieldNode], value: Any, parts: Mapping[str, Any]) -> int:
        name = nodes[0].name.value
        self.values += 1
        self.nulls += value is None
        if value is None or name.startswith("__"):
            return 0
        if value not in ([], ""):
            self.answered[f"{kind.name}.{name}"] += 1
        sets = [node.selection_set for node in nodes if node.selection_set]
        return 1 + (self._visit(get_named_type(kind.fields[name].type), sets, value, parts) if sets else 0)


def _type_of(kind: Any, sets: Sequence[SelectionSetNode], value: Mapping[str, Any], parts: Any) -> Any:
    """The type of an interface's object: the one that it names, or the only one that has all its keys."""
    named = next((value[key] for key in TYPENAMES if key in value), None)
    if named:
        return SCHEMA.type_map[named]
    fitting = [
        each
        for each in SCHEMA.get_possible_types(kind)
        if set(value) <= {_key(node) for one in sets for node in _fields(one, each, parts)}
    ]
    return fitting[0] if len(fitting) == 1 else None


def _key(node: FieldNode) -> str:
    return node.alias.value if node.alias else node.name.value


def _fields(sets: SelectionSetNode, kind: GraphQLObjectType, parts: Mapping[str, Any]) -> Iterator[FieldNode]:
    """The fields of a selection set that concern objects of a type, fragments expanded."""
    for node in sets.selections:
        if isinstance(node, FieldNode):
            yield node
            continue
        part = parts[node.name.value] if isinstance(node, FragmentSpreadNode) else node
        assert isinstance(part, FragmentDefinitionNode | InlineFragmentNode)
        condition = SCHEMA.type_map[part.type_condition.name.value] if part.type_condition else kind
        if condition is kind or (is_abstract_type(condition) and SCHEMA.is_sub_type(condition, kind)):
            yield from _fields(part.selection_set, kind, parts)


def _features(document: str) -> Iterator[str]:
    return (name for name, mark in FEATURES.items() if mark in document)
