"""Every root field as a document of its own, every leaf of its arguments, and valid values for all of them.

Read from the schema itself and from the documents of the role matrix: what is added tomorrow is attacked tomorrow.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    OperationDefinitionNode,
    Undefined,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_required_input_field,
    parse,
    value_from_ast_untyped,
)

from tests.authz.test_matrix import DOCUMENTS, MATRIX
from tests.support.app import Answer, Client
from tests.support.schema import SCHEMA

ERRORS = "userErrors { __typename code field message ... on ConflictError { currentVersion } }"
PAGE = 5
FILLERS: Mapping[str, Any] = {
    "countryCode": "NO",
    "email": "ada@alder.example",
    "name": "Ada Finch",
    "number": "22 22 55 55",
    "enabled": True,
    "recipients": ["ada@alder.example"],
    "startsAt": "22:00",
    "endsAt": "07:00",
}
"""What is right for the required fields of optional input objects, by their names."""
EITHER: Mapping[str, str] = {"filter": "ticketIds"}
"""Fields of an input that stand for one another: only one of them may be given."""
FIRST = "0"
"""In a path: the first of a list of input objects, the only one that is attacked."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value of a root field's arguments: its path through input objects, the name of its type, lists apart."""

    path: tuple[str, ...]
    kind: str
    listed: bool
    required: bool
    default: Any = None

    @property
    def name(self) -> str:
        """The path as people write it."""
        return ".".join(self.path)

    @property
    def told(self) -> list[str]:
        """The path as a `UserError.field` has it: without the argument `input`."""
        return [part for part in self.path if part != "input"]


def roots(kind: GraphQLObjectType | None) -> dict[str, GraphQLField]:
    """The fields of a root type."""
    return dict(kind.fields) if kind is not None else {}


QUERIES = roots(SCHEMA.query_type)
MUTATIONS = roots(SCHEMA.mutation_type)
FIELDS = QUERIES | MUTATIONS


def leaves(field: str, *kinds: str) -> list[Leaf]:
    """The leaves of a root field's arguments, those of these types alone if any are named."""
    found = (leaf for name, argument in FIELDS[field].args.items() for leaf in _leaves((name,), argument))
    return [leaf for leaf in found if not kinds or leaf.kind in kinds]


def _leaves(path: tuple[str, ...], given: GraphQLArgument | GraphQLInputField) -> Iterator[Leaf]:
    named = get_named_type(given.type)
    listed = isinstance(get_nullable_type(given.type), GraphQLList)
    if isinstance(named, GraphQLInputObjectType):
        for name, inner in named.fields.items():
            yield from _leaves((*path, *([FIRST] if listed else []), name), inner)
        return
    default = None if given.default_value is Undefined else given.default_value
    required = isinstance(given.type, GraphQLNonNull) and given.default_value is Undefined
    yield Leaf(path, named.name, listed, required, default)


def document(field: str) -> str:
    """An operation of this field alone, each argument a variable of its own name, that selects all that it leads to."""
    arguments = FIELDS[field].args
    declared = ", ".join(f"${name}: {_declared(argument)}" for name, argument in arguments.items())
    passed = ", ".join(f"{name}: ${name}" for name in arguments)
    word = "mutation" if field in MUTATIONS else "query"
    selected = _selected(field)
    return f"{word}({declared}) {{ {field}({passed}) {selected} }}" if arguments else f"{word} {{ {field} {selected} }}"


def _declared(argument: GraphQLArgument) -> str:
    return str(argument.type if argument.default_value is Undefined else get_nullable_type(argument.type))


def _selected(field: str) -> str:
    kind = get_named_type(FIELDS[field].type)
    if isinstance(kind, GraphQLObjectType) and "nodes" in kind.fields:
        return "{ totalCount nodes { __typename } pageInfo { endCursor } }"
    if isinstance(kind, GraphQLObjectType) and "userErrors" in kind.fields:
        objects = {name: get_named_type(inner.type) for name, inner in kind.fields.items() if name != "userErrors"}
        chosen = (f"{name} {{ {_told_of(inner)} }}" for name, inner in objects.items() if is_composite_type(inner))
        return f"{{ clientMutationId {ERRORS} {' '.join(chosen)} }}"
    return "{ __typename }" if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) else ""


def _told_of(kind: Any) -> str:
    return "id" if "id" in kind.fields else "__typename"


def valid(field: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments with which the field does what it is for: those of the document of the role matrix."""
    (operation,) = parse(DOCUMENTS[field]).definitions
    assert isinstance(operation, OperationDefinitionNode)
    *_, root = operation.selection_set.selections  # the plainest, where the document asks in several ways
    assert isinstance(root, FieldNode)
    given = {node.name.value: value_from_ast_untyped(node.value, dict(values)) for node in root.arguments or ()}
    return given | ({"first": PAGE} if "first" in FIELDS[field].args else {})


def changed(field: str, given: Mapping[str, Any], leaf: Leaf, value: Any) -> dict[str, Any]:
    """The same arguments with another value at one leaf; what stands around it is filled in where it is missing."""
    made = dict(deepcopy(given))
    kind: Any = FIELDS[field].args[leaf.path[0]].type
    inside: Any = made
    for part, below in zip(leaf.path, leaf.path[1:], strict=False):
        named = get_named_type(kind)
        assert isinstance(named, GraphQLInputObjectType)
        if part == FIRST:
            inside = inside[0]
        else:
            inside.pop(EITHER.get(part), None)
            if part not in inside:
                inside[part] = [_filled(named)] if below == FIRST else _filled(named)
            inside = inside[part]
        kind = kind if below == FIRST else named.fields[below].type
    inside[leaf.path[-1]] = value
    return made


def at(given: Any, path: tuple[str, ...]) -> Any:
    """What stands at a path; None where nothing does."""
    for part in path:
        if given is None:
            return None
        given = given[0] if part == FIRST else given.get(part)
    return given


def _filled(kind: GraphQLInputObjectType) -> dict[str, Any]:
    """The fields that an input object must have."""
    required = {name: inner.type for name, inner in kind.fields.items() if is_required_input_field(inner)}
    return {name: FILLERS[name] if name in FILLERS else _first(of) for name, of in required.items()}


def _first(of: Any) -> str:
    """The first value of an enum."""
    return str(next(iter(get_named_type(of).values)))


def allowed(field: str) -> str:
    """The first role that the matrix lets do it."""
    return next(role for role, answer in MATRIX[field].items() if answer in {"yes", "none"} and role != "anonymous")


async def ask(who: Client, field: str, arguments: Mapping[str, Any]) -> Answer:
    """Ask for one root field."""
    return await who.query(document(field), **arguments)


def refusals(answer: Answer, field: str) -> list[tuple[Any, ...]]:
    """Everything that was refused, wherever it is told: code, message and path, in order; empty where all went well."""
    body = answer.body
    told = [(e["extensions"]["code"], e["message"], e.get("path")) for e in body.get("errors", [])]
    payload = (body.get("data") or {}).get(field)
    problems = payload.get("userErrors", []) if isinstance(payload, dict) else []
    return told + [(e["code"], e["message"], e["field"]) for e in problems]
