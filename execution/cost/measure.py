"""Measures what an operation asks for, before it runs.

One pass with memory: a fragment is measured once, however often it is spread, so the time is linear in the
document even where the answer would be exponential. The pass comes before validation, so it trusts nothing:
unknown fields, unknown fragments and cycles are measured as far as they go, and validation names them.
"""

from collections.abc import Mapping
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
from execution.cost.limits import LimitExceededError, Measure
from execution.cost.list_sizes import Sizes, field_of, is_wrapper, list_size

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
        self._constant: Measure | None = None

    def measure(self, variables: Mapping[str, Any]) -> Measure:
        """What it asks for with these variables, as sent. Nesting beyond `MAX_NESTING` is refused at once."""
        if self._constant is not None:
            return self._constant
        sizes = Sizes(self._defaults, variables)
        known = self._known.get(sizes.key(self._sized))
        if known is not None:
            return known
        measured = _Pass(self._operation, self._fragments, sizes, self._schema).run()
        self._sized = tuple(sorted(sizes.used))
        if not self._sized:
            self._constant = measured
        return self._known.keep(sizes.key(self._sized), measured)


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
        self._known: dict[tuple[str, int | None], Measure | None] = {}

    def run(self) -> Measure:
        """Measure the operation."""
        root = self._schema.get_root_type(self._operation.operation)
        total = self._selections(self._operation.selection_set, root, None, 1)
        total.cost = max(total.cost, 1)
        total.directives += len(self._operation.directives or ())
        return total

    def _selections(
        self, node: SelectionSetNode, parent: GraphQLNamedType | None, page: int | None, level: int
    ) -> Measure:
        """Measure a selection set of `parent`; `page` is the page size when `parent` is a connection."""
        if level > MAX_NESTING:
            raise LimitExceededError("nesting", MAX_NESTING, level)
        total = Measure()
        for selection in node.selections:
            total.add(self._selection(selection, parent, page, level))
            total.directives += len(selection.directives or ())
        return total

    def _selection(self, node: SelectionNode, parent: GraphQLNamedType | None, page: int | None, level: int) -> Measure:
        if isinstance(node, FieldNode):
            return self._field(node, parent, page, level)
        if isinstance(node, InlineFragmentNode):
            condition = node.type_condition
            narrowed = self._schema.get_type(condition.name.value) if condition else parent
            return self._selections(node.selection_set, narrowed, page, level + 1)
        if isinstance(node, FragmentSpreadNode):
            return self._spread(node.name.value, page, level)
        return Measure()

    def _spread(self, name: str, page: int | None, level: int) -> Measure:
        """Measure a fragment, once; a fragment inside itself counts nothing, validation names it."""
        key = (name, page)
        if key in self._known:
            return self._known[key] or Measure()
        fragment = self._fragments.get(name)
        if fragment is None:
            return Measure()
        self._known[key] = None
        condition = self._schema.get_type(fragment.type_condition.name.value)
        total = self._selections(fragment.selection_set, condition, page, level + 1)
        total.directives += len(fragment.directives or ())
        self._known[key] = total
        return total

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None, page: int | None, level: int) -> Measure:
        """Measure a field and what is selected of it, times the objects that it can give."""
        name = node.name.value
        total = Measure(depth=1, fields=1, aliases=int(node.alias is not None), root_fields=1)
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
        inner.most_expensive_field_path = (label, *inner.most_expensive_field_path)
        inner.path_cost = inner.cost
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
