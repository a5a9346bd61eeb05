"""Random operations over our schema: a pure function of a seed and of what an asker knows.

Made by ourselves rather than by hypothesis-graphql, which was tried: it knows no ids or cursors of ours, so that its
queries stop at the first null, it makes no variables, and a query takes it 45 ms.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Any, Final, cast

from graphql import (
    DocumentNode,
    FieldNode,
    OperationDefinitionNode,
    OverlappingFieldsCanBeMergedRule,
    get_named_type,
    parse,
    print_ast,
    validate,
)

from tests.differential.places import Composite
from tests.differential.pool import Pool
from tests.differential.writer import Writer
from tests.support.schema import SCHEMA

MERGING: Final = (OverlappingFieldsCanBeMergedRule,)


@dataclass(frozen=True, slots=True)
class Query:
    """One request."""

    document: str
    variables: dict[str, Any]
    operation_name: str | None


@lru_cache(maxsize=1)
def parsed(document: str) -> DocumentNode:
    """A document as it was parsed when it was written."""
    return parse(document, no_location=True)


def query(seed: str, pool: Pool) -> Query:
    """The valid query of a seed."""
    return _first_valid(seed, pool, _query)


def mutation(seed: str, pool: Pool, document: str, values: Mapping[str, Any]) -> Query:
    """The mutation of `document`, which has one field and the variables `values`, with another selection."""

    def write(writer: Writer) -> Query:
        return _mutation(writer, document, values)

    return _first_valid(seed, pool, write)


def _first_valid(seed: str, pool: Pool, write: Callable[[Writer], Query]) -> Query:
    """What is written; the few that are not valid, since fields do not merge, are written anew.

    Other mistakes than those of the merging would be our own: whoever answers the query tells of them.
    """
    for attempt in range(100):
        made = write(Writer(Random(f"{seed}:{attempt}"), pool))
        if not validate(SCHEMA, parsed(made.document), MERGING, max_errors=1):
            return made
    raise AssertionError(f"nothing valid comes of the seed {seed}")


def _query(writer: Writer) -> Query:
    rng = writer.rng
    body = writer.set_of(cast("Composite", SCHEMA.query_type), rng.choice((1, 1, 2, 2, 3, 4)))
    heading = _declaring(filter(None, [writer.heading]))
    name = rng.choice((None, None, "Asked"))
    others = ["query Other { viewer { id } }"] if name and rng.random() < 0.3 else []
    parts = [f"query {name or ''}{heading} {body}", *others, *writer.parts]
    rng.shuffle(parts)
    return Query("\n".join(parts), writer.variables.sent, name if others or rng.random() < 0.8 else None)


def _declaring(declarations: Iterable[str]) -> str:
    text = ", ".join(declarations)
    return f"({text})" if text else ""


def _mutation(writer: Writer, document: str, values: Mapping[str, Any]) -> Query:
    [operation] = parse(document).definitions
    assert isinstance(operation, OperationDefinitionNode)
    [root] = operation.selection_set.selections
    assert isinstance(root, FieldNode)
    kind = get_named_type(cast("Composite", SCHEMA.mutation_type).fields[root.name.value].type)
    selections = writer.set_of(cast("Composite", kind), writer.rng.choice((3, 4, 6)))
    declared = ", ".join(map(print_ast, operation.variable_definitions or ()))
    heading = _declaring(filter(None, (declared, writer.heading)))
    given = ", ".join(map(print_ast, root.arguments or ()))
    errors = "errors: userErrors { __typename code message field }"
    body = f"mutation Changed{heading} {{ __typename {root.name.value}({given}) {{ {errors} ...Rest }} }}"
    rest = f"fragment Rest on {kind.name} {selections}"
    return Query("\n".join([body, rest, *writer.parts]), {**values, **writer.variables.sent}, None)
