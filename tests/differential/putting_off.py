"""Puts parts of a query off at random: selections and fragments are deferred, lists streamed."""

from dataclasses import replace
from random import Random
from typing import Any, Final, TypeVar

from graphql import (
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    NameNode,
    OperationDefinitionNode,
    SelectionSetNode,
    StringValueNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_nullable_type,
    is_list_type,
    print_ast,
    validate,
    visit,
)

from tests.differential.queries import MERGING, parsed
from tests.support.schema import SCHEMA

DEFER: Final = DirectiveNode(name=NameNode(value="defer"))
T = TypeVar("T", FieldNode, InlineFragmentNode, FragmentSpreadNode)


def put_off(document: str, name: str | None, seed: str) -> str:
    """The document with one operation, of which something may come later."""
    asked = parsed(document)
    definitions = [each for each in asked.definitions if not _is_other(each, name)]
    for attempt in range(30):
        # Fields that merge must not be streamed: the more often a document is refused, the fewer lists are.
        made = _changed(DocumentNode(definitions=tuple(definitions)), Random(f"{seed}:{attempt}"), 0.8**attempt)
        if not validate(SCHEMA, made, MERGING, max_errors=1):
            return print_ast(made)
    raise AssertionError(f"nothing can be put off with the seed {seed}")


def _is_other(definition: Any, name: str | None) -> bool:
    if isinstance(definition, FragmentDefinitionNode) or name is None:
        return False
    return not (isinstance(definition, OperationDefinitionNode) and definition.name and definition.name.value == name)


def _changed(document: DocumentNode, random: Random, streams: float) -> DocumentNode:
    types = TypeInfo(SCHEMA)
    changed: DocumentNode = visit(document, TypeInfoVisitor(types, _PuttingOff(types, random, streams)))
    labelled: DocumentNode = visit(changed, _Labelling())
    return labelled


class _PuttingOff(Visitor):
    """Changes a document on the way up."""

    def __init__(self, types: TypeInfo, random: Random, streams: float) -> None:
        super().__init__()
        self._types = types
        self._random = random
        self._streams = streams

    def leave_field(self, node: FieldNode, *_: Any) -> FieldNode | None:
        """Stream a list."""
        if not is_list_type(get_nullable_type(self._types.get_type())) or self._random.random() > self._streams:
            return None
        count = IntValueNode(value=str(self._random.choice((0, 1, 1, 2))))
        initial = ArgumentNode(name=NameNode(value="initialCount"), value=count)
        return self._with(node, DirectiveNode(name=NameNode(value="stream"), arguments=(initial,)))

    def leave_inline_fragment(self, node: InlineFragmentNode, *_: Any) -> InlineFragmentNode | None:
        """Defer what is a fragment already."""
        return self._deferred(node)

    def leave_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> FragmentSpreadNode | None:
        """Defer a fragment with a name."""
        return self._deferred(node)

    def leave_selection_set(self, node: SelectionSetNode, *_: Any) -> SelectionSetNode | None:
        """Put some of the selections into a deferred fragment; some of those are selected at once as well."""
        if self._random.random() < 0.6:
            return None
        later = [each for each in node.selections if self._random.random() < 0.5] or [node.selections[0]]
        kept = [each for each in node.selections if each not in later or self._random.random() < 0.3]
        inner = SelectionSetNode(selections=tuple(later))
        fragment = InlineFragmentNode(selection_set=inner, directives=(DEFER,))
        return SelectionSetNode(selections=(*kept, fragment))

    def _deferred(self, node: T) -> T | None:
        if self._random.random() < 0.5 or any(each.name.value == "defer" for each in node.directives or ()):
            return None
        return self._with(node, DEFER)

    @staticmethod
    def _with(node: T, directive: DirectiveNode) -> T:
        return replace(node, directives=(*(node.directives or ()), directive))


class _Labelling(Visitor):
    """Gives each `@defer` a label of its own."""

    def __init__(self) -> None:
        super().__init__()
        self._labels = 0

    def leave_directive(self, node: DirectiveNode, *_: Any) -> DirectiveNode | None:
        """Label one."""
        if node.name.value != "defer":
            return None
        self._labels += 1
        label = ArgumentNode(name=NameNode(value="label"), value=StringValueNode(value=str(self._labels)))
        return replace(node, arguments=(label,))
