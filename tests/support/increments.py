"""The reference for answers in parts: what each part has, made by cutting a whole answer up.

A document is executed with the directives ignored and every object telling its type (`typed`); `split` then lays
the whole answer out over what is initial, deferred and streamed. It says how values are cut, nothing of errors.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLDeferDirective,
    GraphQLDirective,
    GraphQLIncludeDirective,
    GraphQLSchema,
    GraphQLSkipDirective,
    GraphQLStreamDirective,
    InlineFragmentNode,
    NameNode,
    Node,
    SelectionSetNode,
    Visitor,
    get_directive_values,
    get_operation_ast,
    get_variable_values,
    is_abstract_type,
    visit,
)

from execution.parts.incremental import DeferredPart, Part, Path, Pending, StreamedPart

TYPE = "typeOfThis"


class _Typing(Visitor):
    def leave_selection_set(self, node: SelectionSetNode, *_: Any) -> SelectionSetNode:
        asked = FieldNode(name=NameNode(value="__typename"), alias=NameNode(value=TYPE))
        return SelectionSetNode(selections=(*node.selections, asked))


def typed(document: DocumentNode) -> DocumentNode:
    """The document, with the type of every object asked for."""
    return visit(document, _Typing())  # type: ignore[no-any-return]  # a visitor may return anything


@dataclass
class Split:
    """An answer that is cut up."""

    data: Any
    pending: tuple[Pending, ...]
    parts: list[Part]


@dataclass
class _Selected:
    """What one object's selections come to: fields by key, and the fragments that are deferred."""

    fields: dict[str, list[FieldNode]] = field(default_factory=dict)
    deferred: dict[Node, tuple[str | None, SelectionSetNode]] = field(default_factory=dict)


def split(
    schema: GraphQLSchema, document: DocumentNode, whole: Any, name: str | None = None, **variables: Any
) -> Split:
    """Cut `whole`, the data of `typed(document)`, as the directives of `document` say."""
    return _Splitter(schema, document, name, variables).run(whole)


def joined(data: Any, parts: Iterable[Part]) -> Any:
    """The whole answer again, as a client makes it of what comes; `data` is left as it is."""
    whole = deepcopy(data)
    for part in parts:
        place = whole
        for step in part.pending.path:
            place = place[step]
        if isinstance(part, DeferredPart):
            _merge(place, part.data)
        else:
            assert len(place) == part.index
            place.extend(deepcopy(part.items))
    return whole


def _merge(old: Any, new: Any) -> None:
    places = range(len(new)) if isinstance(new, list) else new
    for key in places:
        if isinstance(new[key], dict | list) and (isinstance(old, list) or key in old):
            _merge(old[key], new[key])
        else:
            old[key] = deepcopy(new[key])


class _Splitter:
    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, name: str | None, variables: dict[str, Any]
    ) -> None:
        operation = get_operation_ast(document, name)
        assert operation is not None
        values = get_variable_values(schema, operation.variable_definitions or (), variables)
        assert not isinstance(values, list), values
        self._schema = schema
        self._operation = operation
        self._variables = values
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._count = 0
        self._waiting: deque[tuple[Pending, Any]] = deque()

    def run(self, whole: Any) -> Split:
        """The initial data first, then the parts in the order in which they were announced."""
        announced: list[Pending] = []
        data = self._object([self._operation.selection_set], whole, (), announced, streams=True)
        pending = tuple(announced)
        return Split(data, pending, list(self._parts()))

    def _parts(self) -> Iterator[Part]:
        while self._waiting:
            pending, work = self._waiting.popleft()
            yield work(pending)

    def _object(
        self, sets: list[SelectionSetNode], value: Any, path: Path, announced: list[Pending], *, streams: bool
    ) -> Any:
        selected = _Selected()
        for each in sets:
            self._collect(each, value[TYPE], selected)
        data = {
            key: self._value(nodes, value[key], (*path, key), announced, streams=streams)
            for key, nodes in selected.fields.items()
        }
        for label, fragment in selected.deferred.values():
            self._announce(path, label, announced, lambda pending, f=fragment: self._deferred(pending, f, value))
        return data

    def _deferred(self, pending: Pending, fragment: SelectionSetNode, value: Any) -> Part:
        """All of the fragment, also what the rest of the document selects at the same place."""
        announced: list[Pending] = []
        data = self._object([fragment], value, pending.path, announced, streams=False)
        return DeferredPart(pending=pending, data=data, announced=tuple(announced))

    def _value(self, nodes: list[FieldNode], value: Any, path: Path, announced: list[Pending], *, streams: bool) -> Any:
        stream = self._directive(GraphQLStreamDirective, nodes[0])
        if streams and stream is not None and stream["if"] and isinstance(value, list):
            return self._streamed(nodes, value, path, announced, stream)
        return self._items(nodes, value, path, announced, streams=streams)

    def _items(
        self, nodes: list[FieldNode], value: Any, path: Path, announced: list[Pending], *, streams: bool, start: int = 0
    ) -> Any:
        if isinstance(value, list):
            places = enumerate(value, start)
            return [self._items(nodes, each, (*path, at), announced, streams=streams) for at, each in places]
        sets = [node.selection_set for node in nodes if node.selection_set]
        return self._object(sets, value, path, announced, streams=streams) if sets and value is not None else value

    def _streamed(
        self, nodes: list[FieldNode], value: list[Any], path: Path, announced: list[Pending], stream: dict[str, Any]
    ) -> Any:
        count = stream["initialCount"] or 0
        data = self._items(nodes, value[:count], path, announced, streams=True)
        if len(value) > count:
            self._announce(
                path, stream.get("label"), announced, lambda pending: self._rest(pending, nodes, value, count)
            )
        return data

    def _rest(self, pending: Pending, nodes: list[FieldNode], value: list[Any], count: int) -> Part:
        announced: list[Pending] = []
        items = self._items(nodes, value[count:], pending.path, announced, streams=False, start=count)
        return StreamedPart(pending=pending, index=count, items=items, completed=True, announced=tuple(announced))

    def _announce(self, path: Path, label: str | None, announced: list[Pending], work: Any) -> None:
        pending = Pending(str(self._count), path, label)
        self._count += 1
        announced.append(pending)
        self._waiting.append((pending, work))

    def _collect(self, selection_set: SelectionSetNode, kind: str, selected: _Selected) -> None:
        for node in selection_set.selections:
            if not self._included(node):
                continue
            if isinstance(node, FieldNode):
                key = node.alias.value if node.alias else node.name.value
                selected.fields.setdefault(key, []).append(node)
                continue
            fragment = node if isinstance(node, InlineFragmentNode) else self._fragments[node.name.value]  # type: ignore[attr-defined]  # a spread
            condition = fragment.type_condition
            if condition is not None and not self._is(kind, condition.name.value):
                continue
            defer = self._directive(GraphQLDeferDirective, node)
            if defer is not None and defer["if"]:
                selected.deferred[node] = (defer.get("label"), fragment.selection_set)
            else:
                self._collect(fragment.selection_set, kind, selected)

    def _included(self, node: Node) -> bool:
        skip = self._directive(GraphQLSkipDirective, node)
        include = self._directive(GraphQLIncludeDirective, node)
        return not (skip and skip["if"]) and (include is None or include["if"])

    def _is(self, kind: str, condition: str) -> bool:
        other: Any = self._schema.get_type(condition)
        return kind == condition or (
            is_abstract_type(other) and self._schema.is_sub_type(other, self._schema.get_type(kind))  # type: ignore[arg-type]  # an object's type
        )

    def _directive(self, directive: GraphQLDirective, node: Any) -> dict[str, Any] | None:
        return get_directive_values(directive, node, self._variables)
