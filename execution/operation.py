"""An operation as it is executed: which of a document's, with its fragments and the values of its variables."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DirectiveNode,
    FragmentDefinitionNode,
    OperationDefinitionNode,
    VariableNode,
    Visitor,
    visit,
)
from graphql.execution.values import VariableValues

CONDITIONS = frozenset({"skip", "include", "defer", "stream"})


@dataclass(frozen=True, slots=True)
class Operation:
    """A valid operation. `key` is equal for the same operation of the same text; `given` are the variables as sent."""

    key: Hashable
    definition: OperationDefinitionNode
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: VariableValues
    given: Mapping[str, Any]


def conditions(operation: Operation) -> tuple[str, ...]:
    """The names of the variables that decide which fields are selected."""
    found = _Conditions()
    for node in (operation.definition, *operation.fragments.values()):
        visit(node, found)
    return tuple(sorted(found.names))


class _Conditions(Visitor):
    """Notes the variables in the arguments of directives that select."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_directive(self, node: DirectiveNode, *_where: Any) -> None:
        """Look into one directive."""
        if node.name.value in CONDITIONS:
            values = (argument.value for argument in node.arguments or ())
            self.names |= {value.name.value for value in values if isinstance(value, VariableNode)}
