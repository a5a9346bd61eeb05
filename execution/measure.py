"""Measures what an operation asks for, before it runs.

One pass with memory: a fragment is measured once, however often it is spread, so the time is linear in the
document even where the answer would be exponential. The pass comes before validation, so it trusts nothing:
unknown fields, unknown fragments and cycles are measured as far as they go, and validation names them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
    is_composite_type,
)

from execution.cache import Cache
from execution.limits import LimitExceededError, Measure
from execution.list_sizes import Sizes, field_of, is_wrapper, list_size

MAX_NESTING: Final = 100
"""Levels of selection sets and spreads; keeps the walk far from the interpreter's limit."""

INTROSPECTION: Final = frozenset({"__schema", "__type"})

REMEMBERED: Final = 64
"""Measures that are kept of one operation: clients ask for pages of a few sizes."""


class Meter:
    """Measures one operation. The document is walked once for each choice of those variables that size lists."""

    def __init__(
        self,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
        schema: GraphQLSchema,
    ) -> None:
        self._operation = operation
        self._fragments = fragments
        self._schema = schema
        self._defaults = {
            definition.variable.name.value: definition.default_value
            for definition in operation.variable_definitions or ()
        }
        self._sized: tuple[str, ...] = ()
        self._known: Cache[Measure] = Cache(REMEMBERED)

    def measure(self, variables: Mapping[str, Any]) -> Measure:
        """What it asks for with these variables, as sent. Nesting beyond `MAX_NESTING` is refused at once."""
        sizes = Sizes(self._defaults, variables)
        known = self._known.get(sizes.key(self._sized))
        if known is not None:
            return known
        measured = _Pass(self._operation, self._fragments, sizes, self._schema).run()
        self._sized = tuple(sorted(sizes.used))
        return self._known.keep(sizes.key(self._sized), measured)


@dataclass(slots=True)
class _Sum:
    """What one selection set, or one fragment, asks for once."""

    cost: int = 0
    depth: int = 0
    fields: int = 0
    aliases: int = 0
    directives: int = 0
    root_fields: int = 0
    introspects: bool = False
    path: tuple[str, ...] = ()
    path_cost: int = 0

    def add(self, other: "_Sum") -> None:
        """Add a sibling's share; the depth is the deepest, the path that of the most expensive."""
        self.cost += other.cost
        self.depth = max(self.depth, other.depth)
        self.fields += other.fields
        self.aliases += other.aliases
        self.directives += other.directives
        self.root_fields += other.root_fields
        self.introspects = self.introspects or other.introspects
        if other.path_cost > self.path_cost:
            self.path, self.path_cost = other.path, other.path_cost


class _Pass:
    """One measurement; it remembers what each fragment asks for, by the page that surrounds the spread."""

    def __init__(
        self,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
        sizes: Sizes,
        schema: GraphQLSchema,
    ) -> None:
        self._operation = operation
        self._fragments = fragments
        self._sizes = sizes
        self._schema = schema
        self._known: dict[tuple[str, int | None], _Sum | None] = {}

    def run(self) -> Measure:
        """Measure the operation."""
        root = self._schema.get_root_type(self._operation.operation)
        total = self._selections(self._operation.selection_set, root, None, 1)
        return Measure(
            cost=max(total.cost, 1),
            depth=total.depth,
            fields=total.fields,
            aliases=total.aliases,
            directives=total.directives + len(self._operation.directives or ()),
            root_fields=total.root_fields,
            introspects=total.introspects,
            most_expensive_field_path=total.path,
        )

    def _selections(
        self, node: SelectionSetNode, parent: GraphQLNamedType | None, page: int | None, level: int
    ) -> _Sum:
        """Measure a selection set of `parent`; `page` is the page size when `parent` is a connection."""
        if level > MAX_NESTING:
            raise LimitExceededError("nesting", MAX_NESTING, level)
        total = _Sum()
        for selection in node.selections:
            total.add(self._selection(selection, parent, page, level))
            total.directives += len(selection.directives or ())
        return total

    def _selection(self, node: SelectionNode, parent: GraphQLNamedType | None, page: int | None, level: int) -> _Sum:
        if isinstance(node, FieldNode):
            return self._field(node, parent, page, level)
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition
            narrowed = self._schema.get_type(condition.name.value) if condition else parent
            return self._selections(node.selection_set, narrowed, page, level + 1)
        if isinstance(node, FragmentSpreadNode):
            return self._spread(node.name.value, page, level)
        return _Sum()

    def _spread(self, name: str, page: int | None, level: int) -> _Sum:
        """Measure a fragment, once; a fragment inside itself counts nothing, validation names it."""
        key = (name, page)
        if key in self._known:
            return self._known[key] or _Sum()
        fragment = self._fragments.get(name)
        if fragment is None:
            return _Sum()
        self._known[key] = None
        condition = self._schema.get_type(fragment.type_condition.name.value)
        total = self._selections(fragment.selection_set, condition, page, level + 1)
        total.directives += len(fragment.directives or ())
        self._known[key] = total
        return total

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None, page: int | None, level: int) -> _Sum:
        """Measure a field and what is selected of it, times the objects that it can give."""
        name = node.name.value
        total = _Sum(depth=1, fields=1, aliases=int(node.alias is not None), root_fields=1)
        total.introspects = name in INTROSPECTION
        if node.selection_set is None:
            return total
        definition = field_of(parent, name)
        kind = get_named_type(definition.type) if definition else None
        count, inner_page = self._instances(node, definition, kind, page)
        inner = self._selections(node.selection_set, kind, inner_page, level + 1)
        inner.root_fields = 0
        inner.cost = self._cost(inner.cost, count, kind, introspects=total.introspects)
        inner.depth = 0 if total.introspects else inner.depth
        label = node.alias.value if node.alias else name
        inner.path, inner.path_cost = (label, *inner.path), inner.cost
        total.add(inner)
        total.depth = 1 + inner.depth
        return total

    def _instances(
        self,
        node: FieldNode,
        definition: GraphQLField | None,
        kind: GraphQLNamedType | None,
        page: int | None,
    ) -> tuple[int, int | None]:
        """How many objects the field gives for each parent, and the page size for its own selection."""
        if definition is None or kind is None:
            return 1, None
        return list_size(node, definition, kind, page, self._sizes)

    @staticmethod
    def _cost(inner: int, count: int, kind: GraphQLNamedType | None, *, introspects: bool) -> int:
        """Introspection costs one, whatever it selects: its own depth rule bounds it."""
        if introspects:
            return 1
        own = 0 if is_wrapper(kind) or not is_composite_type(kind) else 1
        return count * (own + inner)
