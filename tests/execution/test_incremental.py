"""The reference for answers in parts: cut up and joined again, it is the whole answer; its cuts are GraphQL's."""

from typing import Any

import pytest
from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLDeferDirective,
    GraphQLStreamDirective,
    build_schema,
    experimental_execute_incrementally,
    parse,
    print_directive,
)
from graphql.execution import Executor

from execution.parts.incremental import DeferredPart, Pending, StreamedPart
from tests.support.increments import Split, joined, split, typed

SDL = """
type Query { a: A list: [A!]! any: [Any!]! none: A }
type A { x: Int y: Int a: A list: [A!] }
type B { y: Int }
union Any = A | B
"""
SCHEMA = build_schema("\n".join([SDL, *map(print_directive, (GraphQLDeferDirective, GraphQLStreamDirective))]))
INNER = {"__typename": "A", "x": 3, "y": 4}
OUTER = {"__typename": "A", "x": 1, "y": 2, "a": INNER, "list": [INNER, INNER]}
ROOT = {"a": OUTER, "list": [OUTER, INNER, OUTER], "any": [INNER, {"__typename": "B", "y": 5}], "none": None}


def answer(document: DocumentNode, variables: dict[str, Any]) -> Any:
    made = experimental_execute_incrementally(
        SCHEMA, document, ROOT, variable_values=variables, executor_class=Executor
    )
    assert isinstance(made, ExecutionResult)
    assert made.errors is None
    return made.data


def whole(query: str) -> Any:
    """The answer with the directives ignored."""
    return answer(parse(query), {})


def cut(query: str, **variables: Any) -> Split:
    """The answer in parts."""
    document = parse(query)
    return split(SCHEMA, document, answer(typed(document), variables), **variables)


@pytest.mark.parametrize(
    "query",
    [
        "{ a { x ... @defer { x y } } }",
        "{ a { a { x } } ... @defer { a { a { x y } list { x } } } }",
        '{ a { x ... @defer(label: "1") { y } ... @defer(label: "2") { y a { x } } } }',
        "{ a { x ... @defer { y ... @defer { a { x } } } } }",
        "{ list @stream(initialCount: 1) { x ... @defer { y } } }",
        "{ ... @defer { list @stream(initialCount: 1) { x } } }",
        "{ list @stream { list @stream(initialCount: 1) { x } } }",
        "{ any { ... on A @defer { x } ... on B @defer { y } } }",
        "{ a { ...F a { ...F } } } fragment F on A { x ... @defer { y } }",
    ],
)
def test_the_parts_joined_are_the_whole_answer(query: str) -> None:
    made = cut(query)
    assert made.pending
    assert joined(made.data, made.parts) == whole(query)


@pytest.mark.parametrize(
    "query",
    [
        "{ a { x ... @defer(if: false) { y } } }",
        "{ none { ... @defer { x } } }",
        "{ list @stream(initialCount: 3) { x } }",
        "{ a { x ... @defer @skip(if: true) { y } } }",
        "{ any { ... on A { x } } }",
    ],
)
def test_where_nothing_is_put_off_there_are_no_parts(query: str) -> None:
    made = cut(query)
    assert (made.data, made.pending, made.parts) == (whole(query), (), [])


def test_a_deferred_fragment_has_all_that_it_selects() -> None:
    made = cut('{ a { x ... @defer(label: "late") { x y } } }')
    pending = Pending("0", ("a",), "late")
    assert (made.data, made.pending) == ({"a": {"x": 1}}, (pending,))
    assert made.parts == [DeferredPart(pending=pending, data={"x": 1, "y": 2})]


def test_what_lies_in_a_part_is_announced_by_it() -> None:
    made = cut("query($n: Int) { list @stream(initialCount: $n) { x ... @defer { y } } }", n=2)
    first, second, rest = made.pending
    nested = Pending("3", ("list", 2))
    assert [each.path for each in made.pending] == [("list", 0), ("list", 1), ("list",)]
    assert made.parts == [
        DeferredPart(pending=first, data={"y": 2}),
        DeferredPart(pending=second, data={"y": 4}),
        StreamedPart(pending=rest, index=2, items=[{"x": 1}], completed=True, announced=(nested,)),
        DeferredPart(pending=nested, data={"y": 2}),
    ]


def test_one_directive_met_twice_at_an_object_is_one_part() -> None:
    made = cut("{ a { ...F } a { ...F } } fragment F on A { ... @defer { y } }")
    assert [each.path for each in made.pending] == [("a",)]
