"""Where a selection set stands, and where it can go from there."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from graphql import GraphQLInterfaceType, GraphQLObjectType, get_named_type, is_composite_type

from execution.errors import PublicError
from execution.ids import decode
from resolvers.nodes import NODES

Composite = GraphQLObjectType | GraphQLInterfaceType

WRAPPERS: Final = ("Connection", "Edge")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a selection set stands: how deep, for how many objects, and what its response keys begin with."""

    depth: int = 0
    rows: int = 1
    prefix: str = ""
    likely: tuple[str, ...] = ()
    """The types of the objects where the schema says only `Node`."""


@cache
def leading(kind: Composite) -> dict[str, float]:
    """The fields that lead to objects, with how often they are chosen: the more, the further it goes from there."""
    targets = {name: get_named_type(made.type) for name, made in kind.fields.items()}
    return {name: _reach(target) for name, target in targets.items() if is_composite_type(target)}


def _reach(kind: Any) -> float:
    if kind.name.endswith(WRAPPERS):
        node = kind.fields.get("nodes") or kind.fields["node"]
        return 1 + _reach(get_named_type(node.type))
    onward = sum(is_composite_type(get_named_type(made.type)) for made in kind.fields.values())
    return float(min(5, 1 + onward))


def type_named_by(text: Any) -> str | None:
    """The type of what a global id names; None for what is none."""
    try:
        return NODES.get(decode(text)[0], (None,))[0]
    except (PublicError, TypeError):
        return None
