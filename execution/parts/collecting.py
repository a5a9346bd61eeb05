"""Which fields a selection comes to where fragments may be deferred: those are kept apart, with all they select."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from graphql import (
    DirectiveNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLDeferDirective,
    GraphQLIncludeDirective,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    get_directive_values,
)
from graphql.execution.collect_fields import (
    FieldDetails,
    FieldDetailsList,
    FragmentDetails,
    does_fragment_condition_match,
    get_field_entry_key,
)
from graphql.execution.values import VariableValues

Spread: TypeAlias = InlineFragmentNode | FragmentSpreadNode


@dataclass(frozen=True, slots=True)
class Selected:
    """Fields by their keys, and the deferred fragments: where each stands, its label and what it selects."""

    fields: dict[str, FieldDetailsList] = field(default_factory=dict)
    deferred: dict[int, tuple[Spread, str | None, SelectionSetNode]] = field(default_factory=dict)


class Collector:
    """Collects what selections come to for objects of one type (GraphQL's CollectFields())."""

    def __init__(
        self,
        schema: GraphQLSchema,
        fragments: Mapping[str, FragmentDetails],
        variables: VariableValues,
        kind: GraphQLObjectType,
    ) -> None:
        self._schema = schema
        self._fragments = fragments
        self._variables = variables
        self._kind = kind
        self._spread: set[str] = set()
        self._selected = Selected()

    def collect(self, sets: Iterable[SelectionSetNode]) -> Selected:
        """What these selection sets come to together."""
        for each in sets:
            self._visit(each)
        return self._selected

    def _visit(self, selections: SelectionSetNode) -> None:
        for node in selections.selections:
            if not self._included(node):
                continue
            if isinstance(node, FieldNode):
                self._selected.fields.setdefault(get_field_entry_key(node), []).append(FieldDetails(node, None))
            elif isinstance(node, InlineFragmentNode | FragmentSpreadNode):
                self._fragment(node)

    def _fragment(self, node: Spread) -> None:
        """A fragment, in its place or deferred; a name that is spread again adds nothing."""
        fragment = node if isinstance(node, InlineFragmentNode) else self._fragments[node.name.value].definition
        if not does_fragment_condition_match(self._schema, fragment, self._kind):
            return
        defer = self._directive(GraphQLDeferDirective, node)
        if defer is not None and defer["if"]:
            self._selected.deferred[id(node)] = node, defer.get("label"), fragment.selection_set
        elif isinstance(node, InlineFragmentNode) or self._is_new(node.name.value):
            self._visit(fragment.selection_set)

    def _is_new(self, name: str) -> bool:
        known = name in self._spread
        self._spread.add(name)
        return not known

    def _included(self, node: SelectionNode) -> bool:
        skip = self._directive(GraphQLSkipDirective, node)
        include = self._directive(GraphQLIncludeDirective, node)
        return not (skip and skip["if"]) and (include is None or include["if"])

    def _directive(self, directive: Any, node: Any) -> dict[str, Any] | None:
        given: tuple[DirectiveNode, ...] | None = node.directives
        return get_directive_values(directive, node, self._variables) if given else None
