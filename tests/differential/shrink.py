"""Makes an operation smaller while what is wrong with it stays wrong."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Final

from graphql import (
    REMOVE,
    ArgumentNode,
    DirectiveNode,
    DocumentNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSyntaxError,
    Node,
    SelectionNode,
    SelectionSetNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    parse,
    print_ast,
    validate,
    visit,
)

from tests.differential.queries import Query
from tests.support.schema import SCHEMA

ATTEMPTS: Final = 200
REMOVABLE: Final = (SelectionNode, ArgumentNode, DirectiveNode)

Wrong = Callable[[Query], Awaitable[bool]]


async def smallest(query: Query, wrong: Wrong) -> Query:
    """A query that is `wrong`, too, and of which nothing can go, or not within `ATTEMPTS`."""
    attempts = 0
    candidates = smaller(query)
    while attempts < ATTEMPTS and (candidate := next(candidates, None)) is not None:
        attempts += 1
        if await wrong(candidate):
            query, candidates = candidate, smaller(candidate)
    return query


def smaller(query: Query) -> Iterator[Query]:
    """The query without one of its selections, arguments or directives: the largest first."""
    document = parse(query.document)
    parts = [node for node in _nodes(document) if isinstance(node, REMOVABLE)]
    for part in sorted(parts, key=lambda node: -len(print_ast(node))):
        made = _valid(visit(document, _Without({id(part)})))
        if made is not None:
            declared = {node.variable.name.value for node in _nodes(made) if isinstance(node, VariableDefinitionNode)}
            sent = {name: value for name, value in query.variables.items() if name in declared}
            yield Query(print_ast(made), sent, query.operation_name)


def _valid(document: DocumentNode) -> DocumentNode | None:
    """The document without what it does not use any more; None where nothing valid is left.

    The parser and the validator let an empty selection set pass.
    """
    if any(isinstance(node, SelectionSetNode) and not node.selections for node in _nodes(document)):
        return None
    try:
        tidied = parse(print_ast(_tidy(document)))
    except GraphQLSyntaxError:
        return None
    return None if validate(SCHEMA, tidied, max_errors=1) else tidied


def _tidy(document: DocumentNode) -> DocumentNode:
    """Without fragments and variables that nothing uses any more."""
    while True:
        nodes = _nodes(document)
        spread = {node.name.value for node in nodes if isinstance(node, FragmentSpreadNode)}
        defined = {id(node.variable) for node in nodes if isinstance(node, VariableDefinitionNode)}
        used = {node.name.value for node in nodes if isinstance(node, VariableNode) and id(node) not in defined}
        unused = {
            id(node)
            for node in nodes
            if (isinstance(node, FragmentDefinitionNode) and node.name.value not in spread)
            or (isinstance(node, VariableDefinitionNode) and node.variable.name.value not in used)
        }
        if not unused:
            return document
        document = visit(document, _Without(unused))


def _nodes(document: DocumentNode) -> list[Node]:
    collector = _Collector()
    visit(document, collector)
    return collector.found


class _Collector(Visitor):
    """All nodes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Node] = []

    def enter(self, node: Node, *_: Any) -> None:
        """Keep it."""
        self.found.append(node)


class _Without(Visitor):
    """Removes nodes by their identity."""

    def __init__(self, removed: set[int]) -> None:
        super().__init__()
        self._removed = removed

    def enter(self, node: Node, *_: Any) -> Any:
        """Leave it out, or go on."""
        return REMOVE if id(node) in self._removed else None
